//! What may be written above a method.

use quote::ToTokens;

use crate::{
    attributes,
    marks::{Mark, Value, is_mark},
    model::Method,
    report::Report,
};

/// The rules for the marks of a method that others call in the worker.
pub(super) fn of_remote_method(method: &Method, report: &mut Report) {
    marks_once(method, report);
    marks_without_value(method, report);
    priority_value(method, report);
    channel_value(method, report);
    marks_in_the_open(method, report);
}

/// No message stands for a `#[local]` method, so nothing can be said of its message.
pub(super) fn of_local_method(method: &Method, report: &mut Report) {
    let marks = &method.marks;
    marks_once(method, report);
    marks_without_value(method, report);
    marks_in_the_open(method, report);
    for list in [&marks.norequest, &marks.priority, &marks.channel, &marks.remote, &marks.on_failure] {
        for Mark { attribute, .. } in list {
            let name = attribute.path().to_token_stream();
            let reason =
                format!("a `#[local]` method is never called in a worker, so `{name}` means nothing here");
            report.refuse(attribute, reason, "keep one of the two");
        }
    }
}

fn marks_once(method: &Method, report: &mut Report) {
    let marks = &method.marks;
    for list in marks.lists() {
        for again in list.iter().skip(1) {
            let name = again.attribute.path().to_token_stream();
            let reason = format!("`{name}` is given twice");
            report.refuse(&again.attribute, reason, "keep one of the two");
        }
    }
}

fn marks_without_value(method: &Method, report: &mut Report) {
    for list in [&method.marks.norequest, &method.marks.local, &method.marks.remote] {
        for Mark { attribute, .. } in list {
            if attribute.meta.require_path_only().is_err() {
                let name = attribute.path().to_token_stream();
                report.refuse(attribute, format!("`{name}` takes no value"), format!("write `#[{name}]`"));
            }
        }
    }
}

fn priority_value(method: &Method, report: &mut Report) {
    let reason = "a priority is one whole number from -2147483648 to 2147483647";
    let help = "write `#[priority(0)]`; the lower, the sooner";
    for Mark { attribute, value } in &method.marks.priority {
        match value {
            Value::Integer(_, number) if i32::try_from(*number).is_ok() => {}
            Value::Constant(_) => {}
            Value::Missing => report.refuse(attribute, reason, help),
            Value::Text(wrong) | Value::Integer(wrong, _) | Value::Literal(wrong) => {
                report.refuse(wrong, reason, help);
            }
        }
    }
}

fn channel_value(method: &Method, report: &mut Report) {
    let reason = "a channel is one text, or one whole number of 64 bits";
    let help = "write `#[channel(\"name\")]` or `#[channel(7)]`";
    for Mark { attribute, value } in &method.marks.channel {
        match value {
            Value::Integer(_, number) if i64::try_from(*number).is_ok() => {}
            Value::Text(_) | Value::Constant(_) => {}
            Value::Missing => report.refuse(attribute, reason, help),
            Value::Integer(wrong, _) | Value::Literal(wrong) => report.refuse(wrong, reason, help),
        }
    }
}

fn marks_in_the_open(method: &Method, report: &mut Report) {
    for attribute in &method.attributes {
        if attributes::any(std::slice::from_ref(attribute), is_mark) {
            let reason = "coproc cannot see whether this `cfg_attr` applies";
            let help = "write the method twice, each under a `#[cfg]`, one of them with the mark";
            report.refuse(attribute, reason, help);
        }
    }
}
