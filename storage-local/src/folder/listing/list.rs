use std::sync::Arc;

use storage_core::list::{LevelStream, ListOptions, ListStream};
use storage_core::{Error, Result};

use super::frame::Scope;
use super::level::Level;
use super::walk::Walk;
use crate::folder::disk::blocking::blocking;
use crate::folder::session::{Session, Store};
use crate::paging::{Page, Pages};

/// How many items are made in one turn on a blocking thread.
const PAGE_ITEMS: usize = 1_000;

pub(crate) fn flat(store: Arc<Store>, options: ListOptions) -> ListStream {
    let walk = Walk::new(scope(options));
    Box::pin(Pages::new(Box::new(walk), move |mut walk: Box<Walk>| {
        next_page(Arc::clone(&store), "list", move |session| {
            let items = walk.page(session, PAGE_ITEMS)?;
            let next = (items.len() == PAGE_ITEMS).then_some(walk);
            Ok(Page { items, next })
        })
    }))
}

pub(crate) fn level(store: Arc<Store>, options: ListOptions) -> LevelStream {
    let level = Level::new(scope(options));
    Box::pin(Pages::new(Box::new(level), move |mut level: Box<Level>| {
        next_page(Arc::clone(&store), "list_level", move |session| {
            let items = level.page(session, PAGE_ITEMS)?;
            let next = (items.len() == PAGE_ITEMS).then_some(level);
            Ok(Page { items, next })
        })
    }))
}

async fn next_page<T: Send + 'static>(
    store: Arc<Store>,
    operation: &'static str,
    page: impl FnOnce(&Session) -> Result<T> + Send + 'static,
) -> Result<T> {
    let name = store.name.clone();
    let page = blocking(move || page(&Session::open(&store)?)).await;
    page.map_err(|error: Error| error.with_operation(operation).with_store(name))
}

fn scope(options: ListOptions) -> Scope {
    Scope { prefix: options.prefix, after: options.start_after }
}
