//! What a fault makes of a request.

use std::future::pending;

use http::{Request, Response};
use http_body_util::BodyExt as _;
use tokio::time::sleep;

use super::Front;
use super::answer_body::Step;
use super::answer_steps::{cut, drip, flipped, on_the_wire, whole};
use super::ending::{Ending, Switch, end};
use super::upload_body::UploadBody;
use crate::fault::Effect;

impl Front {
    /// The answer as the fault has it.
    pub(super) async fn serve_badly(
        &self,
        request: Request<UploadBody>,
        effect: Effect,
        after_work: bool,
        switch: &Switch,
    ) -> Response<Vec<Step>> {
        match effect {
            Effect::Delay(time) => {
                sleep(time).await;
                whole(self.serve(request).await)
            }
            Effect::Header(name, value) => {
                let mut answer = self.serve(request).await;
                answer.headers_mut().insert(name, value);
                whole(answer)
            }
            Effect::Answer(answer) => {
                self.take_in(request, after_work).await;
                whole(answer.into_response())
            }
            Effect::Endless(answer) => {
                self.take_in(request, after_work).await;
                answer.into_response().map(|body| vec![Step::Repeat(body)])
            }
            Effect::Raw(bytes) => {
                self.take_in(request, after_work).await;
                end(switch, Ending::Raw(bytes)).await
            }
            Effect::Hang => {
                let _unread = self.work_if(request, after_work).await;
                pending().await
            }
            Effect::Reset => {
                let _unread = self.work_if(request, after_work).await;
                end(switch, Ending::Reset).await
            }
            Effect::Close => {
                self.take_in(request, after_work).await;
                end(switch, Ending::Close).await
            }
            // The request's body has been told to do it.
            Effect::ResetUpload(_)
            | Effect::HangUpload(_)
            | Effect::FlipUpload(_)
            | Effect::DripUpload(_) => whole(self.serve(request).await),
            Effect::ResetBody(at) => cut(self.serve(request).await, at, Step::End(Ending::Reset)),
            Effect::TruncateBody(at) => cut(self.serve(request).await, at, Step::End(Ending::Close)),
            Effect::ExtendBody(more) => {
                let answer = on_the_wire(self.serve(request).await, &more);
                end(switch, Ending::Raw(answer)).await
            }
            Effect::HangBody(at) => cut(self.serve(request).await, at, Step::Stall),
            Effect::FlipByte(at) => whole(self.serve(request).await.map(|body| flipped(body, at))),
            Effect::Drip(size, pause) => drip(self.serve(request).await, size, pause),
        }
    }

    /// Has the work done and its answer dropped, or gives the request back untouched.
    async fn work_if(&self, request: Request<UploadBody>, wanted: bool) -> Option<Request<UploadBody>> {
        if !wanted {
            return Some(request);
        }
        self.serve(request).await;
        None
    }

    /// Reads the request to its end, with the work done or not.
    async fn take_in(&self, request: Request<UploadBody>, work: bool) {
        if let Some(request) = self.work_if(request, work).await {
            let mut body = request.into_body();
            while let Some(Ok(_)) = body.frame().await {}
        }
    }
}
