use super::*;

fn impatient() -> SystemKeyring {
    SystemKeyring::with_patience(Duration::from_millis(20))
}

#[test]
fn a_keyring_that_does_not_answer_does_not_hold_the_caller() {
    let (release, held) = mpsc::channel::<()>();
    let answer = impatient().ask(move |_| held.recv().map_err(|_| KeyringError::Denied));
    assert_eq!(answer, Err(KeyringError::NoAnswer));
    drop(release);
}

#[test]
fn a_keyring_that_waits_for_its_password_is_locked() {
    let (release, held) = mpsc::channel::<()>();
    let answer = impatient().ask(move |stage| {
        stage.unlocking();
        held.recv().map_err(|_| KeyringError::Denied)
    });
    assert_eq!(answer, Err(KeyringError::Locked));
    drop(release);
}

#[test]
fn calls_do_not_pile_up_behind_a_dead_keyring() {
    let keyring = impatient();
    let (release, held) = mpsc::channel::<()>();
    let held = Arc::new(std::sync::Mutex::new(held));
    for _ in 0..MOST_WAITING + 3 {
        let held = Arc::clone(&held);
        let answer = keyring.ask(move |_| {
            let _ = held.lock().unwrap().recv();
            Ok(())
        });
        assert_eq!(answer, Err(KeyringError::NoAnswer));
    }
    assert_eq!(keyring.waiting.load(Ordering::Acquire), MOST_WAITING);
    drop(release);
    while keyring.waiting.load(Ordering::Acquire) > 0 {
        thread::yield_now();
    }
    assert_eq!(keyring.ask(|_| Ok(7)), Ok(7));
}

#[test]
fn a_client_that_panics_is_an_error() {
    let answer = SystemKeyring::default().ask::<()>(|_| panic!("on purpose"));
    assert!(matches!(answer, Err(KeyringError::Other(_))));
}
