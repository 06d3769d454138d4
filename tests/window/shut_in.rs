//! The page is shut in: nothing comes in from outside, nothing gets out, and what other people wrote is only ever text.

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::servers::servers;
use testkit::window::{Window, key};
use testkit::{BlueskyPerson, until};

use crate::desk::{Desk, choose, signed_up};

/// Somebody outside who notices every connection.
struct Outside {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Outside {
    fn new() -> Self {
        let socket = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = socket.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        std::thread::spawn(move || {
            for _ in socket.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, connections }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Fails if anybody was here, and if it would not have noticed.
    fn saw_nobody(&self) {
        assert_eq!(self.connections.load(Ordering::SeqCst), 0, "something left the page");
        TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        until("it notices a connection", Duration::from_secs(10), || {
            (self.connections.swap(0, Ordering::SeqCst) == 1).then_some(())
        });
    }
}

/// The page as it was first loaded, and what its policy was asked to let through since.
fn watch(window: &Window) {
    let code = "window.first = 'yes'; window.refused = []; \
                document.addEventListener('securitypolicyviolation', (e) => window.refused.push(e.effectiveDirective))";
    window.script(code, &[]);
}

fn is_the_first_page(window: &Window, after: &str) {
    let here = window.script("return [window.first ?? '', location.origin, window.ran ?? null]", &[]);
    assert_eq!(here, json!(["yes", "tauri://localhost", null]), "after {after}");
}

#[test]
fn nothing_comes_in_and_nothing_gets_out() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    let outside = Outside::new();
    watch(&window);
    loads_nothing(&window, &outside);
    runs_nothing(&window);
    goes_nowhere(&window, &outside);
    may_do_nothing_else(&window);
    outside.saw_nobody();
}

/// Each way in which a page fetches something, and the rule of its policy that stops it.
fn loads_nothing(window: &Window, outside: &Outside) {
    let ways = [
        ("img-src", "const i = new Image(); i.src = at"),
        ("img-src", "const i = new Image(); i.src = 'asset://localhost/etc/passwd'"),
        ("script-src-elem", "const s = document.createElement('script'); s.src = at; document.body.append(s)"),
        (
            "style-src-elem",
            "const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = at; document.head.append(l)",
        ),
        ("frame-src", "const f = document.createElement('iframe'); f.src = at; document.body.append(f)"),
        ("object-src", "const o = document.createElement('object'); o.data = at; document.body.append(o)"),
        ("media-src", "const v = document.createElement('video'); v.src = at; document.body.append(v)"),
        ("font-src", "new FontFace('x', `url(${at})`).load().catch(() => {})"),
        ("connect-src", "fetch(at).catch(() => {})"),
        ("connect-src", "fetch('asset://localhost/etc/passwd').catch(() => {})"),
        ("connect-src", "const x = new XMLHttpRequest(); x.open('GET', at); x.send()"),
        ("connect-src", "new WebSocket(at.replace('http', 'ws'))"),
        ("connect-src", "new EventSource(at)"),
        ("connect-src", "navigator.sendBeacon(at, 'x')"),
        (
            "form-action",
            "const f = document.createElement('form'); f.action = at; f.method = 'post'; document.body.append(f); f.submit()",
        ),
        ("base-uri", "const b = document.createElement('base'); b.href = at; document.head.append(b)"),
    ];
    for (rule, way) in ways {
        let code = format!("window.refused = []; const at = arguments[0] + '/x'; try {{ {way} }} catch (e) {{}}");
        window.script(&code, &[json!(outside.url())]);
        let refused = || {
            let refused = window.script("return window.refused", &[]);
            // where there is no rule of its own, the general one speaks
            let speaks = |one: &Value| one.as_str().is_some_and(|one| rule.starts_with(one) || one == "default-src");
            refused.as_array().is_some_and(|all| all.iter().any(speaks)).then_some(())
        };
        until(&format!("the policy refuses {way}"), Duration::from_secs(10), refused);
        is_the_first_page(window, way);
    }
    window.script("document.querySelectorAll('base').forEach((b) => b.remove())", &[]);
}

/// Each way in which text becomes code.
fn runs_nothing(window: &Window) {
    for way in [
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)",
        "const d = document.createElement('div'); d.innerHTML = '<img src=x: onerror=\"window.ran = 2\">'; document.body.append(d)",
        "const b = document.createElement('button'); b.setAttribute('onclick', 'window.ran = 3'); document.body.append(b); b.click()",
        "const a = document.createElement('a'); a.href = 'javascript:window.ran = 4'; document.body.append(a); a.click()",
        "const s = document.createElement('script'); s.text = 'eval(\"window.ran = 5\")'; document.body.append(s)",
        "setTimeout('window.ran = 6', 0)",
    ] {
        window.script(&format!("try {{ {way} }} catch (e) {{}}"), &[]);
        window.script_until_done("setTimeout(arguments[0], 100)", &[]);
        is_the_first_page(window, way);
    }
    let closed = "return [typeof window.__TAURI__, Object.isFrozen(Object.prototype), document.querySelectorAll('iframe#__tauri_isolation__').length]";
    assert_eq!(window.script(closed, &[]), json!(["undefined", true, 1]));
}

/// Each way in which a page leaves for another, or opens one.
fn goes_nowhere(window: &Window, outside: &Outside) {
    for address in [outside.url(), "file:///etc/passwd".to_owned(), "data:text/html,hello".to_owned()] {
        for way in [
            "location.href = at",
            "location.assign(at)",
            "location.replace(at)",
            "window.opened = window.open(at)",
            "const a = document.createElement('a'); a.href = at; a.target = '_blank'; document.body.append(a); a.click()",
            "const a = document.createElement('a'); a.href = at; document.body.append(a); a.click()",
            "const a = document.createElement('a'); a.href = at; document.body.append(a); \
             a.dispatchEvent(new MouseEvent('click', { button: 1, bubbles: true, cancelable: true }))",
            "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = `0;url=${at}`; document.head.append(m)",
        ] {
            window.script(&format!("const at = arguments[0]; try {{ {way} }} catch (e) {{}}"), &[json!(address)]);
            window.script_until_done("setTimeout(arguments[0], 150)", &[]);
            is_the_first_page(window, &format!("{way} to {address}"));
        }
    }
    assert!(window.script("return window.opened ?? null", &[]).is_null(), "a window was opened");
}

/// The page may call the program's own commands and nothing else: no event of a library, links of a sign-in among them.
fn may_do_nothing_else(window: &Window) {
    let forbidden = [
        ("plugin:event|listen", json!({ "event": "deep-link://new-url", "target": { "kind": "Any" }, "handler": 1 })),
        ("plugin:event|emit", json!({ "event": "x", "payload": null })),
        ("plugin:webview|create_webview_window", json!({ "options": { "label": "x", "url": "https://example.org" } })),
        ("plugin:window|create", json!({ "options": { "label": "x" } })),
        ("plugin:window|close", json!({ "label": "main" })),
        ("plugin:window|set_title", json!({ "label": "main", "value": "x" })),
        ("plugin:app|version", json!({})),
        ("plugin:path|resolve_directory", json!({ "directory": 1 })),
        ("plugin:resources|close", json!({ "rid": 1 })),
        ("plugin:shell|open", json!({ "path": "https://example.org" })),
        ("publish_everything", json!({})),
    ];
    for (command, arguments) in forbidden {
        let code = "const done = arguments[2]; window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])\
                    .then((ok) => done({ ok }), (error) => done({ error: String(error) }))";
        let answer = window.script_until_done(code, &[json!(command), arguments]);
        assert!(answer.get("error").is_some(), "{command}: {answer}");
    }
    is_the_first_page(window, "asking for more than is allowed");
}

/// What other people and servers may call themselves.
const NAMES: [&str; 6] = [
    "<img src=x onerror=\"window.ran=1\">",
    "<script>window.ran=1</script>",
    "\"><svg onload=window.ran=1>",
    "javascript:window.ran=1//",
    "</textarea><iframe srcdoc='<script>parent.ran=1</script>'>",
    "{{constructor.constructor('window.ran=1')()}} &lt;b&gt;",
];

#[test]
fn what_others_wrote_is_only_ever_text() {
    let (Some((pds, _)), Some(desk)) = (servers(), Desk::new()) else { return };
    let mallory = BlueskyPerson::new(pds, "mallory");
    mallory.is_called(NAMES[0]);
    let window = desk.open();
    window.see("Welcome to Sendoff");
    watch(&window);
    let account = signed_up(&window, pds, &mallory);
    let before = window.script("return document.querySelectorAll('script, iframe, object').length", &[]);
    let all = NAMES.join("\n");
    let persona = json!({ "name": NAMES[2], "color": "fern", "voice": all, "audience": all, "accounts": [account] });
    window.call("save_persona", &json!({ "persona": null, "text": persona }));
    let mut posts = Vec::new();
    for name in NAMES {
        let text = format!("{name} https://example.org/?q={name} @{name} #{name}");
        let part = json!({ "text": text, "images": [] });
        let base = json!({ "parts": [part, part], "content_warning": name, "visibility": "public" });
        let targets = json!([{ "account": account, "variant": null }]);
        let draft = json!({ "title": name, "persona": null, "base": base, "targets": targets });
        posts.push(window.call("create_post", &json!({ "draft": draft }))["post"].as_str().unwrap().to_owned());
    }

    for route in ["#/", "#/accounts", "#/personas", "#/settings"] {
        window.show(route, ".bar h1");
        window.settle();
    }
    window.show("#/accounts", ".account");
    window.see(NAMES[0]);
    window.show("#/calendar", ".bar h1");
    for view in ["Month", "Week", "List", "Drafts"] {
        choose(&window, view);
        window.settle();
    }
    window.see(NAMES[1]);
    for post in &posts {
        window.show(&format!("#/compose/{post}"), "textarea");
        window.settle();
    }
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("window.ran");
    window.settle();
    window.press(&[key::ESCAPE]);

    is_the_first_page(&window, "showing what others wrote");
    assert_eq!(window.script("return window.refused", &[]), json!([]), "not even tried");
    let after = "return [document.querySelectorAll('script, iframe, object').length, \
                 document.querySelectorAll('[onerror], [onload], [srcdoc], img[src=x], a[href^=javascript]').length]";
    assert_eq!(window.script(after, &[]), json!([before, 0]));
}
