//! Ada and Ben plan together, each in a window of their own, with the server of their team between them.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::window::{Axe, Window, key};
use testkit::{TeamServer, until};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(60);

/// One of the two, in front of their window.
pub struct Person<'a> {
    pub window: &'a Window,
    pub desk: &'a Desk,
    pub profile: &'a Path,
    pub name: &'static str,
    pub email: String,
}

impl Person<'_> {
    /// A vault, and the right to reach the server; how that is made in the window is told on Ada's first day.
    pub fn settles_in(&self, server: &TeamServer) {
        self.window.see("Welcome to Sendoff");
        self.call("name_person", json!({ "name": self.name }));
        let made = self.call("create_vault", json!({ "protection": { "protection": "keyring" } }));
        self.call("confirm_recovery_key", json!({ "key": made["key"] }));
        let mut settings = self.call("get_program", json!({}))["settings"].take();
        settings["private_servers"] = json!([server.exception()]);
        self.call("change_settings", json!({ "settings": settings }));
        self.call("finish_welcome", json!({}));
        self.window.find("//nav//a[@aria-current='page'][contains(., 'Today')]");
    }

    pub fn call(&self, command: &str, body: Value) -> Value {
        self.window.call(command, &body)
    }

    /// Makes an account at the server in the browser that was opened.
    fn registers(&self, server: &TeamServer) {
        let link = server.registers(&self.desk.opened(), self.name, &self.email);
        self.desk.follows(self.profile, &link);
    }

    pub fn syncs_until<T>(&self, what: &str, probe: impl Fn() -> Option<T>) -> T {
        until(&format!("{}: {what}", self.name), PATIENCE, || {
            self.call("sync_now", json!({}));
            probe()
        })
    }

    pub fn waits_until_settled(&self) {
        self.syncs_until("everything is there", || {
            let team = self.call("get_team", json!({}));
            (team["waiting_count"] == 0 && team["sync"]["state"] == "up_to_date").then_some(())
        });
    }

    fn text(&self) -> String {
        self.window.field("Text of part 1").read()
    }

    /// Waits until the editor reads like this.
    fn reads(&self, text: &str) {
        self.syncs_until(&format!("the editor reads \u{201c}{text}\u{201d}"), || (self.text() == text).then_some(()));
    }

    /// Puts the caret behind these words of the text that is being written.
    fn goes_behind(&self, words: &str) {
        let code = "const field = document.querySelector('textarea[data-part=\"0\"]'); field.focus(); \
            const at = field.value.indexOf(arguments[0]) + arguments[0].length; field.setSelectionRange(at, at)";
        self.window.script(code, &[json!(words)]);
    }

    fn caret(&self) -> Value {
        let code = "const field = document.querySelector('textarea[data-part=\"0\"]'); \
            return field.value.slice(0, field.selectionStart)";
        self.window.script(code, &[])
    }
}

/// Nobody is shut out of any of it: everything that axe-core complains about on the way.
pub struct Judge {
    axe: Option<Axe>,
    found: RefCell<Vec<String>>,
}

impl Judge {
    pub fn new() -> Self {
        Self { axe: Axe::installed(), found: RefCell::default() }
    }

    /// # Panics
    /// Somebody is shut out of something.
    pub fn is_content(&self) {
        let found = self.found.borrow();
        assert!(found.is_empty(), "{} violations:\n\n{}", found.len(), found.join("\n\n"));
    }

    /// Judges what is shown, in both themes.
    pub fn at(&self, window: &Window, place: &str) {
        let Some(axe) = &self.axe else { return };
        for theme in ["light", "dark"] {
            window.wear(theme);
            window.settle();
            let found = axe.violations(window).into_iter();
            self.found.borrow_mut().extend(found.map(|violation| format!("{place}, {theme}: {violation}")));
        }
    }
}

#[test]
fn ada_founds_a_team_ben_joins_and_they_write_one_draft() {
    let (Some(mut server), Some(mut desk)) = (TeamServer::start(), Desk::new()) else { return };
    desk.patient_browser();
    let judge = Judge::new();
    let (of_ada, of_ben) = (desk.open(), desk.open_other());
    let (at_ada, at_ben) = (desk.profile(), desk.other_profile());
    let person =
        |window, profile, name| Person { window, desk: &desk, profile, name, email: TeamServer::address(name) };
    let (ada, ben) = (person(&of_ada, at_ada.as_path(), "Ada"), person(&of_ben, at_ben.as_path(), "Ben"));
    ada.settles_in(&server);
    ben.settles_in(&server);

    founds_the_bakery(&ada, &server, &judge);
    invites(&ada, &ben, &judge);
    follows_the_link(&ben, &server, &judge);

    write_one_draft(&ada, &ben, &judge);
    change_the_same_words(&ada, &ben, &mut server, &judge);

    // back to what is hers alone
    ada.window.press(&[key::CONTROL, "k"]);
    ada.window.find("//dialog[@open]//input[@role='combobox']").write("own profile");
    ada.window.press(&[key::ENTER]);
    ada.window.see("Your own profile is open");
    until("what is hers alone has no server", PATIENCE, || {
        ada.window.look_for("//*[@id='sync-chip']").is_none().then_some(())
    });
    assert_eq!(ada.call("get_teams", json!({}))["open"], Value::Null);
    brings_what_is_hers(&ada, &judge);
    judge.is_content();
}

/// By keys alone, as far as there are any.
pub fn founds_the_bakery(ada: &Person<'_>, server: &TeamServer, judge: &Judge) {
    let window = ada.window;
    window.press(&["g"]);
    window.press(&["m"]);
    window.find("//*[@id='team-sign-in']");
    judge.at(window, "no team yet");
    window.find("//*[@id='team-sign-in']").click();
    window.field("Address of the server").write("nowhere");
    window.press(&[key::ENTER]);
    window.find("//dialog[@open]//*[contains(@class, 'field-error')]");
    window.field("Address of the server").rewrite(&server.origin);
    window.press(&[key::ENTER]);
    window.see("This window continues by itself");
    ada.registers(server);
    window.see("Signed in at");
    window.find("//*[@id='team-found']").click();
    window.field("Name").write("Bakery");
    window.press(&[key::ENTER]);
    window.see("You are Owner");
    window.find("//nav//button[contains(@class, 'switch-profile')][contains(., 'Bakery')]");
    until("it is up to date", PATIENCE, || window.text().contains("Up to date").then_some(()));
    judge.at(window, "the team");
}

fn invites(ada: &Person<'_>, ben: &Person<'_>, judge: &Judge) {
    let window = ada.window;
    window.press(&["n"]);
    window.find("//*[@id='invite-email']").write("ben");
    window.press(&[key::ENTER]);
    window.see("This is no mail address");
    judge.at(window, "inviting");
    window.find("//*[@id='invite-email']").rewrite(&ben.email);
    window.press(&[key::ENTER]);
    window.see("Invitation sent");
    window.find("//*[contains(@class, 'invitations')]//*[contains(., 'expires')]");
}

/// Ben is not signed in at the server, which the link leads to by itself; nothing happens before he says so.
fn follows_the_link(ben: &Person<'_>, server: &TeamServer, judge: &Judge) {
    let window = ben.window;
    // the script of the page hands over what stands behind the # of its address
    let page = server.follows_invitation(&ben.email);
    let (_, code) = page.rsplit_once("code=").expect("a code");
    let at = server.origin.replace(':', "%3A").replace('/', "%2F");
    ben.desk.follows(ben.profile, &format!("sendoff://join?server={at}&code={code}"));
    window.see("You are invited to an organisation on");
    judge.at(window, "invited");
    assert_eq!(ben.call("get_teams", json!({}))["teams"], json!([]));
    window.find("//*[@id='join-go']").click();
    window.find("//*[@id='connect-go']").click();
    ben.registers(server);
    window.find("//nav//button[contains(@class, 'switch-profile')][contains(., 'Bakery')]");
    window.press(&["g"]);
    window.press(&["m"]);
    window.see("You are Creator");
    assert!(window.look_for("//*[@id='invite']").is_none(), "a creator invites nobody");
    window.find("//*[contains(@class, 'members')]//*[contains(., 'Ada')]");
}

/// While one of them writes, the words of the other come, and the caret stays where it was.
fn write_one_draft(ada: &Person<'_>, ben: &Person<'_>, judge: &Judge) {
    ada.window.press(&["c"]);
    ada.window.field("Text of part 1").click();
    ada.window.type_keys("Rye is back. Come early.");
    ada.waits_until_settled();
    let post = ada.window.script("return location.hash", &[]).as_str().unwrap().to_owned();
    ben.syncs_until("the post is there", || {
        let drafts = ben.call("get_today", json!({}))["drafts"].take();
        drafts.as_array().is_some_and(|drafts| !drafts.is_empty()).then_some(())
    });
    ben.window.show(&post, "textarea");
    ben.reads("Rye is back. Come early.");
    ada.window.find("//header//*[@role='status'][contains(., 'Ben is here too')]");
    ben.window.see("Ada is here too");
    judge.at(ada.window, "a draft that two have open");

    ada.goes_behind("Rye is back");
    ben.goes_behind("Come early.");
    ben.window.type_keys(" Bring a bag.");
    ben.waits_until_settled();
    ada.reads("Rye is back. Come early. Bring a bag.");
    assert_eq!(ada.caret(), json!("Rye is back"));
    ada.window.type_keys(" on Friday");
    ada.waits_until_settled();
    ben.reads("Rye is back on Friday. Come early. Bring a bag.");
    assert_eq!(ben.caret(), json!("Rye is back on Friday. Come early. Bring a bag."));
}

/// Without the server each goes on. Of what both wrote nothing is lost, and somebody reads what came of it.
fn change_the_same_words(ada: &Person<'_>, ben: &Person<'_>, server: &mut TeamServer, judge: &Judge) {
    server.stop();
    for (person, day) in [(ada, "Monday"), (ben, "Sunday")] {
        let select = "const field = document.querySelector('textarea[data-part=\"0\"]'); field.focus(); \
            const at = field.value.indexOf('Friday'); field.setSelectionRange(at, at + 'Friday'.length)";
        person.window.script(select, &[]);
        person.window.type_keys(day);
        person.syncs_until("it is seen that the server is gone", || {
            let chip = person.window.find("//*[@id='sync-chip']").read();
            (chip.contains("wait") && chip.contains("offline since")).then_some(())
        });
    }
    ada.window.find("//*[@id='sync-chip']").click();
    ada.window.see("Waiting for the server");
    ada.window.find("//dialog[@open]//*[contains(@class, 'waiting')]//*[contains(., 'Text of a post')]");
    judge.at(ada.window, "what waits");
    ada.window.press(&[key::ESCAPE]);

    server.begin();
    ada.waits_until_settled();
    ben.waits_until_settled();
    ada.syncs_until("the words of both are there", || {
        let text = ada.text();
        (text.contains("Monday") && text.contains("Sunday")).then_some(())
    });
    ada.window.see("changed the same words");
    judge.at(ada.window, "two changed the same words");
    ada.window.press(&[key::ALT, "g"]);
    ada.window.find("//dialog[@open]//ins[contains(., 'Monday')]");
    ada.window.find("//dialog[@open]//ins[contains(., 'Sunday')]");
    judge.at(ada.window, "the comparison");
    ada.window.find("//*[@id='merge-right']").click();
    ada.window.see("Marked as read");
    until("the note is gone", PATIENCE, || ada.window.look_for("//*[@id='merge-review']").is_none().then_some(()));
    ada.waits_until_settled();
    ben.syncs_until("Ben sees it too", || ben.window.look_for("//*[@id='merge-review']").is_none().then_some(()));
    assert_eq!(ada.text(), ben.text());
}

/// What she began alone goes to the bakery, and comes back.
fn brings_what_is_hers(ada: &Person<'_>, judge: &Judge) {
    let window = ada.window;
    window.press(&["c"]);
    window.field("Text of part 1").click();
    window.type_keys("Cake on Saturday.");
    let titles = || {
        let drafts = ada.call("get_today", json!({}))["drafts"].take();
        drafts.as_array().unwrap().iter().map(|line| line["title"].clone()).collect::<Vec<_>>()
    };
    until("it is stored", PATIENCE, || (titles() == [json!("Cake on Saturday.")]).then_some(()));
    window.press(&[key::CONTROL, "k"]);
    window.find("//dialog[@open]//input[@role='combobox']").write("bring this post");
    window.press(&[key::ENTER]);
    window.see("Accounts and their sign-ins stay with you");
    judge.at(window, "bringing a post to an organisation");
    window.find("//dialog[@open]//label[contains(., 'Move')]").click();
    window.find("//*[@id='bring-go']").click();
    window.see("1 post is in Bakery now.");
    assert!(titles().is_empty());
    judge.at(window, "what was brought");
    window.find("//dialog[@open]//button[contains(., 'Undo')]").click();
    window.see("Everything is where it was.");
    assert_eq!(titles(), [json!("Cake on Saturday.")]);
    assert_eq!(ada.text(), "Cake on Saturday.");
}
