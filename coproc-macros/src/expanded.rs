//! `examples/expanded.rs` shows what the macro writes; this sees to it that it does.

use std::env;
use std::fs;

use syn::{File, Item, ItemMod, ItemTrait, parse_file};

use crate::generate;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/expanded.rs");

/// Where the written-out part begins and ends.
const MARKS: [&str; 2] = ["mod written_out {\n", "\n}\n\n// Here ends"];

/// `BLESS=1 cargo test -p coproc-macros` writes it anew.
#[test]
fn the_example_is_what_the_macro_writes() {
    let example = fs::read_to_string(EXAMPLE).unwrap();
    let file = parse_file(&example).unwrap();
    let mut source = module(&file, "short").content.clone().unwrap().1;
    let Some(Item::Trait(mut item)) = source.pop() else { panic!("the trait stands last in `mod short`") };
    without_worker(&mut item);
    let generated = generate(proc_macro2::TokenStream::new(), quote::quote!(#item));
    let generated = prettyplease::unparse(&syn::parse2(generated).unwrap());
    if env::var_os("BLESS").is_some() {
        fs::write(EXAMPLE, with_written_out(&example, &generated)).unwrap();
        return;
    }
    let items = module(&file, "written_out").content.clone().unwrap().1;
    let written = prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs: Vec::new(), items });
    let differing = generated.lines().zip(written.lines()).find(|(generated, written)| generated != written);
    assert_eq!(differing, None, "generated, and written out; `BLESS=1` writes it anew");
    assert_eq!(generated.lines().count(), written.lines().count(), "`BLESS=1` writes it anew");
}

fn module<'f>(file: &'f File, name: &str) -> &'f ItemMod {
    let named = |item: &'f Item| match item {
        Item::Mod(module) if module.ident == name => Some(module),
        _ => None,
    };
    file.items.iter().find_map(named).unwrap()
}

fn without_worker(item: &mut ItemTrait) {
    item.attrs.retain(|attribute| attribute.path().segments.last().unwrap().ident != "worker");
}

fn with_written_out(example: &str, generated: &str) -> String {
    let [begin, end] = MARKS;
    let (before, rest) = example.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let indented: Vec<_> = generated
        .lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("    {line}") })
        .collect();
    format!("{before}{begin}{}{end}{after}", indented.join("\n"))
}
