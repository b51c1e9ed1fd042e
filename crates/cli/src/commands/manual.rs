//! `completions` and `man`: what package maintainers install beside the program.

use clap::CommandFactory as _;
use clap_complete::Shell;
use clap_mangen::Man;

use super::Outcome;
use crate::{
    args::{Cli, CompletionShell},
    exit::ExitStatus,
    output::Printer,
};

pub(super) fn completions(shell: CompletionShell, printer: &mut Printer) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(Shell::from(shell), &mut Cli::command(), "polyprofile", &mut script);
    printer.text(&script)?;
    Ok(ExitStatus::Well)
}

/// One page that holds every command.
pub(super) fn page(printer: &mut Printer) -> Outcome {
    let mut page = Vec::new();
    Man::new(Cli::command()).render(&mut page)?;
    let mut root = Cli::command();
    root.build();
    for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
        let man = Man::new(command.clone().disable_help_flag(true));
        page.extend(format!(".SH {}\n", command.get_name().to_uppercase()).into_bytes());
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    printer.text(&page)?;
    Ok(ExitStatus::Well)
}
