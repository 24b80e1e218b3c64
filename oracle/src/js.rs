//! The references in JavaScript as `oxc_parser` reads it.

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    Argument, ExportAllDeclaration, ExportNamedDeclaration, Expression, ImportDeclaration, ImportExpression,
    NewExpression, Program, StringLiteral, TemplateLiteral,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::SourceType;

use crate::seen::Seen;

/// Nothing if it is neither a module nor a script.
pub(crate) fn references(source: &str) -> Option<Vec<Seen>> {
    let script = SourceType::default().with_jsx(false).with_script(true);
    [SourceType::mjs().with_jsx(false), script].into_iter().find_map(|kind| {
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, source, kind).parse();
        if parsed.panicked || !parsed.errors.is_empty() {
            return None;
        }
        let mut walk = Walk::default();
        walk.visit_program(&parsed.program);
        walk.seen.extend(source_map(source, &parsed.program));
        walk.seen.sort();
        Some(walk.seen)
    })
}

/// What a comment names that only comments and white space follow.
fn source_map(source: &str, program: &Program<'_>) -> Option<Seen> {
    let is_space = |c: char| c.is_whitespace() || c == '\u{feff}';
    let mut end = source.len();
    for comment in program.comments.iter().rev() {
        let (from, to) = (comment.span.start as usize, comment.span.end as usize);
        if !source.get(to..end)?.chars().all(is_space) {
            return None;
        }
        end = from;
        let body = &source[from + 2..to];
        let body = if source[from..].starts_with("/*") { &body[..body.len() - 2] } else { body };
        let rest = body.strip_prefix(['#', '@']).map(str::trim_ascii_start);
        let Some(rest) = rest.and_then(|rest| rest.strip_prefix("sourceMappingURL=")) else { continue };
        let at = from + 2 + (body.len() - rest.len());
        let text = rest.trim_ascii_end();
        if !text.is_empty() && !text.contains(char::is_whitespace) {
            return Some(Seen { at, kind: "sourceMappingURL".to_owned(), text: text.to_owned() });
        }
    }
    None
}

#[derive(Default)]
struct Walk {
    seen: Vec<Seen>,
}

impl Walk {
    fn push(&mut self, kind: &str, start: u32, text: &str) {
        self.seen.push(Seen { at: start as usize, kind: kind.to_owned(), text: text.to_owned() });
    }

    fn declaration(&mut self, literal: &StringLiteral<'_>) {
        self.push("import", literal.span.start + 1, &literal.value);
    }
}

fn template<'a>(literal: &TemplateLiteral<'a>) -> Option<(u32, &'a str)> {
    let (true, [only]) = (literal.expressions.is_empty(), literal.quasis.as_slice()) else { return None };
    Some((literal.span.start + 1, only.value.cooked.as_ref()?.as_str()))
}

impl<'a> Visit<'a> for Walk {
    fn visit_import_declaration(&mut self, it: &ImportDeclaration<'a>) {
        self.declaration(&it.source);
        walk::walk_import_declaration(self, it);
    }

    fn visit_export_all_declaration(&mut self, it: &ExportAllDeclaration<'a>) {
        self.declaration(&it.source);
        walk::walk_export_all_declaration(self, it);
    }

    fn visit_export_named_declaration(&mut self, it: &ExportNamedDeclaration<'a>) {
        if let Some(source) = &it.source {
            self.declaration(source);
        }
        walk::walk_export_named_declaration(self, it);
    }

    fn visit_import_expression(&mut self, it: &ImportExpression<'a>) {
        let literal = match &it.source {
            Expression::StringLiteral(literal) => Some((literal.span.start + 1, literal.value.as_str())),
            Expression::TemplateLiteral(literal) => template(literal),
            _ => None,
        };
        match literal {
            Some((start, text)) => self.push("import()", start, text),
            None => self.push("computed", it.span.start, ""),
        }
        walk::walk_import_expression(self, it);
    }

    fn visit_new_expression(&mut self, it: &NewExpression<'a>) {
        if let Expression::Identifier(callee) = &it.callee
            && callee.name == "URL"
            && let [first, Argument::StaticMemberExpression(base)] = it.arguments.as_slice()
            && base.property.name == "url"
            && let Expression::MetaProperty(meta) = &base.object
            && meta.meta.name == "import"
        {
            let literal = match first {
                Argument::StringLiteral(literal) => Some((literal.span.start + 1, literal.value.as_str())),
                Argument::TemplateLiteral(literal) => template(literal),
                _ => None,
            };
            if let Some((start, text)) = literal {
                self.push("new URL()", start, text);
            }
        }
        walk::walk_new_expression(self, it);
    }
}
