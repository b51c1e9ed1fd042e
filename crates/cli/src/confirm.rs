//! Asking before something is destroyed, and for what must not be an argument.

use std::io::{self, BufRead as _, IsTerminal as _};

use secrecy::SecretString;

use crate::{failure::Failure, talk::Talk};

/// Lets `name` be destroyed only if `is_agreed`, or if whoever sits at the terminal types its id.
pub(crate) fn destroy(
    talk: &Talk,
    is_agreed: bool,
    name: &str,
    id: &str,
    destroys: Option<&str>,
) -> Result<(), Failure> {
    let loss = destroys.unwrap_or("the vendor does not say what else is lost with it");
    if is_agreed {
        talk.say(&format!("Deleting {name}: {loss}."));
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::usage(format!(
            "deleting {name} cannot be undone ({loss}): pass --yes to do it without being asked"
        )));
    }
    talk.say(&format!("This deletes {name}: {loss}. It cannot be undone."));
    talk.say(&format!("Type {id} to go on:"));
    if line()?.trim() == id { Ok(()) } else { Err(Failure::Declined) }
}

/// A line from the terminal, or from standard input.
pub(crate) fn ask(talk: &Talk, what: &str) -> Result<String, Failure> {
    if io::stdin().is_terminal() {
        talk.say(&format!("{what}:"));
    }
    given(&line()?, what)
}

/// A secret from the terminal, where it is not shown, or from standard input.
pub(crate) fn ask_secret(what: &str) -> Result<SecretString, Failure> {
    let secret = if io::stdin().is_terminal() {
        rpassword::prompt_password(format!("{what}: ")).map_err(|problem| unreadable(&problem))?
    } else {
        line()?
    };
    given(&secret, what).map(SecretString::from)
}

fn given(line: &str, what: &str) -> Result<String, Failure> {
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        return Err(Failure::usage(format!("no {what} was given: type it, or write it to standard input")));
    }
    Ok(line.to_owned())
}

fn line() -> Result<String, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(|problem| unreadable(&problem))?;
    Ok(line)
}

fn unreadable(problem: &io::Error) -> Failure {
    Failure::usage(format!("standard input cannot be read: {problem}"))
}
