//! What CI runs, here as there.

use std::env;
use std::fmt;
use std::io::ErrorKind;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::{assumptions, codegen, spec, workspace};

/// One thing that must succeed.
enum Step {
    /// A command of cargo, with the flags for rustdoc if it needs any.
    Cargo { arguments: &'static str, rustdocflags: Option<&'static str> },
    /// A task of ours, done here and not by another process.
    Task { arguments: &'static str, task: fn() -> Result<()> },
    /// A program that may be missing: then it is skipped, unless the environment variable `CI` is set.
    Program { name: &'static str },
}

const STEPS: &[Step] = &[
    Step::cargo("fmt --all --check"),
    Step::Program { name: "typos" },
    Step::cargo("clippy --workspace --all-targets --locked -- -D warnings"),
    // Without its tests, which need all features, the crate has none.
    Step::cargo("clippy -p hubspot-conversations --lib --locked -- -D warnings"),
    // In the workspace's folder for what is built, because much of it is there already.
    Step::cargo(
        "check --manifest-path crates/hubspot-conversations/fuzz/Cargo.toml --no-default-features \
         --target-dir target --locked",
    ),
    Step::Task { arguments: "codegen --check", task: codegen::check },
    Step::Task { arguments: "codegen --compile", task: codegen::compile_awkward },
    Step::Task { arguments: "assumptions --check", task: assumptions::check },
    Step::Task { arguments: "spec lint", task: spec::lint },
    Step::Task { arguments: "spec fmt --check", task: || spec::fmt(true) },
    Step::cargo("test --workspace --locked"),
    Step::Cargo {
        // Each feature but `native-tls`, which needs the headers of OpenSSL.
        arguments: "doc --workspace --no-deps --locked --features \
             hubspot-conversations/axum,hubspot-conversations/metrics,hubspot-conversations/testing",
        rustdocflags: Some("-D warnings"),
    },
];

pub(crate) fn run() -> Result<()> {
    let times = run_steps(STEPS)?;
    eprintln!("{}", summary(STEPS, &times));
    Ok(())
}

/// Runs the steps in order up to the first that fails, and gives the time each took.
fn run_steps(steps: &[Step]) -> Result<Vec<Duration>> {
    steps
        .iter()
        .map(|step| {
            eprintln!("$ {step}");
            let start = Instant::now();
            step.run().with_context(|| format!("`{step}` failed"))?;
            Ok(start.elapsed())
        })
        .collect()
}

fn summary(steps: &[Step], times: &[Duration]) -> String {
    let steps: Vec<_> = steps
        .iter()
        .zip(times)
        .map(|(step, time)| format!("{} {:.1} s", step.name(), time.as_secs_f64()))
        .collect();
    format!("everything passed: {}", steps.join(", "))
}

impl Step {
    const fn cargo(arguments: &'static str) -> Self {
        Self::Cargo { arguments, rustdocflags: None }
    }

    fn run(&self) -> Result<()> {
        match self {
            Self::Task { task, .. } => task(),
            Self::Program { name } => {
                let status = Command::new(name).current_dir(workspace::root()).status();
                if let Err(error) = &status
                    && error.kind() == ErrorKind::NotFound
                    && env::var_os("CI").is_none()
                {
                    eprintln!("skipped: {name} is not installed");
                    return Ok(());
                }
                let status = status.with_context(|| format!("cannot run {name}"))?;
                ensure!(status.success(), "{status}");
                Ok(())
            }
            Self::Cargo { arguments, rustdocflags } => {
                let status = workspace::cargo()
                    .args(arguments.split_whitespace())
                    .envs(rustdocflags.map(|flags| ("RUSTDOCFLAGS", flags)))
                    .status()
                    .context("cannot run cargo")?;
                ensure!(status.success(), "{status}");
                Ok(())
            }
        }
    }

    /// The words before the first flag.
    fn name(&self) -> &str {
        let (Self::Cargo { arguments, .. }
        | Self::Task { arguments, .. }
        | Self::Program { name: arguments }) = self;
        arguments.split(" --").next().unwrap_or_default()
    }
}

/// The step as one would type it.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cargo { arguments, rustdocflags: None } => write!(f, "cargo {arguments}"),
            Self::Cargo { arguments, rustdocflags: Some(flags) } => {
                write!(f, "RUSTDOCFLAGS='{flags}' cargo {arguments}")
            }
            Self::Task { arguments, .. } => write!(f, "cargo xtask {arguments}"),
            Self::Program { name } => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    const PASSES: Step = Step::Task { arguments: "pass --quickly", task: || Ok(()) };
    const FAILS: Step = Step::Task { arguments: "fail", task: || bail!("on purpose") };
    const MUST_NOT_RUN: Step = Step::Task { arguments: "run on", task: || panic!("ran on") };

    #[test]
    fn steps_are_shown_as_one_would_type_them() {
        let shown: Vec<_> = STEPS.iter().map(ToString::to_string).collect();
        let wanted = [
            "cargo fmt --all --check",
            "typos",
            "cargo clippy --workspace --all-targets --locked -- -D warnings",
            "cargo clippy -p hubspot-conversations --lib --locked -- -D warnings",
            "cargo check --manifest-path crates/hubspot-conversations/fuzz/Cargo.toml \
             --no-default-features --target-dir target --locked",
            "cargo xtask codegen --check",
            "cargo xtask codegen --compile",
            "cargo xtask assumptions --check",
            "cargo xtask spec lint",
            "cargo xtask spec fmt --check",
            "cargo test --workspace --locked",
            "RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked --features \
             hubspot-conversations/axum,hubspot-conversations/metrics,hubspot-conversations/testing",
        ];
        assert_eq!(shown, wanted);
    }

    #[test]
    fn the_first_failure_ends_it_and_names_the_command() {
        let error = run_steps(&[PASSES, FAILS, MUST_NOT_RUN]).unwrap_err();
        assert_eq!(format!("{error:#}"), "`cargo xtask fail` failed: on purpose");
    }

    #[test]
    fn cargo_failing_is_a_failure() {
        let error = run_steps(&[Step::cargo("--no-such-flag"), MUST_NOT_RUN]).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.starts_with("`cargo --no-such-flag` failed: exit status: "), "{error}");
    }

    #[test]
    fn the_summary_has_the_time_of_each_step() {
        let times = [Duration::from_millis(1_250), Duration::ZERO];
        let line = summary(&[Step::cargo("fmt --all"), PASSES], &times);
        assert_eq!(line, "everything passed: fmt 1.2 s, pass 0.0 s");
        assert_eq!(run_steps(&[PASSES, PASSES]).unwrap().len(), 2);
    }
}
