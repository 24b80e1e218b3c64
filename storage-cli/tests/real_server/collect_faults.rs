//! Deploys of static files that are broken off: the site is the old one, and the next attempt goes on.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use s3_testserver::{Answer, Door, Effect, Fault, Proxy};

use crate::server::{Outcome, Sandbox, name};

struct Site {
    sandbox: Sandbox,
    door: Door,
    // After the door.
    _proxy: Proxy,
}

impl Site {
    /// A site that is deployed, and files that are not yet.
    fn new() -> Self {
        let probe = Sandbox::new();
        let proxy = Proxy::in_front_of(&format!("http://{}", probe.variable("MINIO_ENDPOINT")));
        let door = proxy.door();
        let sandbox = Sandbox::new();
        let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
        let sandbox = sandbox
            .with("MINIO_ENDPOINT", door.endpoint().trim_start_matches("http://"))
            .with("MINIO_PUBLIC_BUCKETS", bucket.clone())
            .with("MINIO_PRIVATE_BUCKETS", "")
            .with("MINIO_STATIC_FILES_BUCKET", bucket)
            .with("MINIO_HTTP_CLIENT__RETRIES", "0")
            .with("MINIO_HTTP_CLIENT__READ_TIMEOUT", "20s");
        let site = Self { sandbox, door, _proxy: proxy };
        site.write("old");
        site.sandbox.run(&["init"]);
        site.sandbox.run(&["collect"]).ok();
        site
    }

    fn write(&self, version: &str) {
        self.sandbox.write("static/cat.svg", "<!-- cat -->".repeat(40) + version);
        self.sandbox.write("static/site.css", "a{background:url(cat.svg)}");
        self.sandbox.write("static/dog.png", "wow");
        self.sandbox.write("static/robots.txt", version);
    }

    fn collect(&self) -> Outcome {
        // Other headers of what stays, and a compressed variant.
        self.sandbox.run(&[
            "collect",
            "--compress",
            "gzip",
            "--at-once",
            "1",
            "--header",
            "dog.png",
            "cache-control: max-age=60",
            "--json",
        ])
    }

    fn cat(&self) -> String {
        self.sandbox.run(&["statics", "resolve", "cat.svg"]).ok().lines().remove(0)
    }

    /// Whatever the manifest names is there, as it should be, and so is whatever that refers to. Pages with plain names may be newer.
    fn is_whole(&self, nth: usize) {
        let verified = self.sandbox.run(&["statics", "verify", "--json"]);
        let wrong: Vec<_> = verified
            .json()
            .into_iter()
            .filter(|line| line["severity"] == "error" && line["key"] != "robots.txt")
            .collect();
        assert!(wrong.is_empty(), "after request {nth}: {wrong:#?}");
    }
}

/// The server dies after each single request of a deploy in turn, with that request done or not.
#[test]
fn cut_after_any_request_the_site_is_whole() {
    let site = Site::new();
    // The probe of conditions is asked for once by each process; it is no part of the deploy.
    site.door.requests().reset();
    site.write("counted");
    site.collect().ok();
    let all = site.door.requests().count();
    assert!((12..60).contains(&all), "{all}");
    for nth in 0..all {
        for is_done in [false, true] {
            let before = site.cat();
            site.write(&format!("{nth} {is_done}"));
            let (cut, rest) =
                (Fault::new(Effect::Reset).skip(nth), Fault::new(Effect::Reset).skip(nth).always());
            let hits = site.door.inject(if is_done { cut.after_work() } else { cut });
            site.door.inject(rest);
            let outcome = site.collect();
            let is_cut = hits.count() > 0;
            site.door.clear_faults();
            site.is_whole(nth);
            let is_published = site.cat() != before;
            match is_cut {
                true => {
                    assert_ne!(outcome.status, Some(0), "{nth}: {outcome:?}");
                    assert!(!is_published || is_done, "{nth}: {outcome:?}");
                }
                // Which servers are asked less the second time.
                false => assert_eq!(outcome.status, Some(0), "{nth}: {outcome:?}"),
            }
            site.collect().ok();
            site.is_whole(nth);
            assert_ne!(site.cat(), before);
        }
    }
}

#[test]
fn a_server_that_is_busy_is_waited_for() {
    let site = Site::new();
    site.write("new");
    let busy = || Fault::new(Effect::Answer(Answer::error(503, "SlowDown")));
    let hits = site.door.inject(busy().method(http::Method::PUT).times(3));
    let before = site.cat();
    site.collect().ok();
    assert_eq!(hits.count(), 3);
    assert_ne!(site.cat(), before);
}

#[test]
fn an_interrupted_deploy_ends_at_once() {
    for (signal, status) in [("-INT", Some(130)), ("-TERM", Some(130)), ("-KILL", None)] {
        let site = Site::new();
        let before = site.cat();
        site.write("new");
        let hung = site.door.inject(Fault::new(Effect::Hang).method(http::Method::PUT).skip(1).always());
        let child = site
            .sandbox
            .command(&["collect", "--at-once", "1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while hung.count() == 0 {
            assert!(began.elapsed() < Duration::from_secs(60), "nothing is uploaded");
            std::thread::sleep(Duration::from_millis(10));
        }
        let interrupted = Instant::now();
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let outcome = Outcome::from(child.wait_with_output().unwrap());
        assert_eq!(outcome.status, status, "{signal}: {outcome:?}");
        assert!(interrupted.elapsed() < Duration::from_secs(15), "{signal}: {:?}", interrupted.elapsed());
        site.door.clear_faults();
        assert_eq!(site.cat(), before, "{signal}");
        site.is_whole(0);
        site.sandbox.run(&["collect"]).ok();
        assert_ne!(site.cat(), before, "{signal}");
    }
}

#[test]
fn a_proxy_that_takes_no_large_bodies_gets_files_one_by_one() {
    let site = Site::new();
    for n in 0..60 {
        site.sandbox.write(&format!("static/{n}.txt"), format!("{n}").repeat(100));
    }
    let too_large = Fault::new(Effect::Answer(Answer::new(413).body("too large")));
    let refused = site.door.inject(too_large.method(http::Method::PUT).target(".staged/").skip(1).always());
    let done = site.sandbox.run(&["collect", "--json"]).ok().json().pop().unwrap();
    assert_eq!(done["new"], 60, "{done}");
    // Others take no tars in the first place.
    assert_eq!(refused.count() > 0, name().starts_with("minio"));
    site.is_whole(0);
}
