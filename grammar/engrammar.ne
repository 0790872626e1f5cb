# The language of rules and spaces: a plain ladder with at most one parse of any text.
# Postprocessors only build the tree; whatever has a meaning is checked in src/language.
@preprocessor typescript
@{%
import { lexer, type Token } from './lexer.js';
import {
  bare, behind, between, binary, comparison, listOf, measureOf, negative, raised, spanOf,
} from './build.js';

const values = (tokens: readonly Token[]): string[] => tokens.map((token) => token.value);
%}
@lexer lexer

file      -> item:+                                   {% id %}
item      -> rule {% id %} | space {% id %}
rule      -> "rule" %name targets:? "{" ruleline:* "}"
             {% ([word, name, targets, , lines, end]) => ({ kind: 'rule', name: name.value, nameSpan: spanOf(name),
                targets: targets ?? [], lines, span: between(word, end) }) %}
targets   -> "for" %name ("," %name):*                {% (d) => values(listOf(d[1], d[2])) %}
space     -> "space" %name "{" spaceline:* "}"
             {% ([word, name, , lines, end]) => ({ kind: 'space', name: name.value, nameSpan: spanOf(name),
                lines, span: between(word, end) }) %}

ruleline  -> common {% id %}
           | clause:* change                          {% ([clauses, line]) => behind(clauses, line) %}
           | clause:* memory                          {% ([clauses, line]) => behind(clauses, line) %}
           | "transmit" expr                          {% (d) => ({ kind: 'transmit', value: d[1], span: between(d[0], d[1]) }) %}
spaceline -> common {% id %}
           | clause:* memory                          {% ([clauses, line]) => behind(clauses, line) %}
           | clause:* term                            {% ([clauses, line]) => behind(clauses, line) %}
           | choice {% id %} | keep {% id %} | drop {% id %}
common    -> note {% id %} | param {% id %} | letline {% id %} | bound {% id %}

note      -> ("about" | "cite") %string:+
             {% ([[word], texts]) => ({ kind: 'note', word: word.value, texts: values(texts), span: between(word, texts) }) %}
param     -> "param" pdef ("," pdef):*
             {% (d) => { const definitions = listOf<any>(d[1], d[2]);
                return { kind: 'param', definitions, span: between(d[0], definitions) }; } %}
pdef      -> %name "=" literal spread:? range:? scope:? "fit":?
             {% ([name, , value, spread, range, scope, fit]) => ({ name: name.value, nameSpan: spanOf(name),
                value: bare(value), spread: spread ? bare(spread) : null, range: range ? range.edges : null,
                scope: scope ? scope.name : null, fit: fit !== null,
                span: between(name, value, spread, range, scope, fit) }) %}
literal   -> measure {% id %}
           | %minus measure                           {% ([minus, m]) => ({ ...negative(m), span: between(minus, m) }) %}
measure   -> %number {% ([token]) => measureOf(token) %} | %quantity {% ([token]) => measureOf(token) %}
spread    -> %plusminus measure                       {% ([mark, m]) => ({ ...m, span: between(mark, m) }) %}
range     -> "in" "[" edge "," edge "]"               {% (d) => ({ edges: [d[2], d[4]], span: between(d[0], d[5]) }) %}
edge      -> literal                                  {% ([m]) => bare(m) %}
           | "inf"                                    {% () => ({ text: 'inf', number: Infinity, unit: null, per: [] }) %}
           | %minus "inf"                             {% () => ({ text: '-inf', number: -Infinity, unit: null, per: [] }) %}
scope     -> "per" %name                              {% ([word, name]) => ({ name: name.value, span: between(word, name) }) %}
letline   -> "let" %name "=" expr
             {% ([word, name, , value]) => ({ kind: 'let', name: name.value, nameSpan: spanOf(name), value, span: between(word, value) }) %}
bound     -> "bound" "w" "in" "[" expr "," expr "]"   {% (d) => ({ kind: 'bound', low: d[4], high: d[6], span: between(d[0], d[7]) }) %}
           | "bound" "w" "keeping" "sign"             {% (d) => ({ kind: 'keeping sign', span: between(d[0], d[3]) }) %}

clause    -> "on" ref ":"                             {% (d) => ({ kind: 'on', event: d[1], span: between(d[0], d[2]) }) %}
           | "at" ref ":"                             {% (d) => ({ kind: 'at', event: d[1], span: between(d[0], d[2]) }) %}
           | "every" %quantity ":"                    {% (d) => ({ kind: 'every', interval: bare(measureOf(d[1])), span: between(d[0], d[2]) }) %}
           | "during" %name ":"                       {% (d) => ({ kind: 'during', phase: d[1].value, span: between(d[0], d[2]) }) %}
change    -> %dw "=" expr                             {% (d) => ({ kind: 'change', form: 'dw', value: d[2], span: between(d[0], d[2]) }) %}
           | %dwdt "=" expr                           {% (d) => ({ kind: 'change', form: 'dw/dt', value: d[2], span: between(d[0], d[2]) }) %}
           | "set" "w" "=" expr                       {% (d) => ({ kind: 'change', form: 'set', value: d[3], span: between(d[0], d[3]) }) %}
memory    -> fading %name "=" expr span since:? from:?
             {% ([word, name, , value, fading, since, from]) => ({ kind: word.value, name: name.value, nameSpan: spanOf(name),
                value, fading: { kind: fading.kind, value: fading.value }, since: since && since.value, from: from && from.value,
                span: between(word, fading, since, from) }) %}
           | fading %name "=" expr since from:?
             {% ([word, name, , value, since, from]) => ({ kind: word.value, name: name.value, nameSpan: spanOf(name),
                value, fading: null, since: since.value, from: from && from.value, span: between(word, since, from) }) %}
           | "state" %name "=" expr "then" expr since:?
             {% ([word, name, , start, , value, since]) => ({ kind: 'state', name: name.value, nameSpan: spanOf(name),
                start, value, since: since && since.value, span: between(word, value, since) }) %}
           | "whiten" %name "=" expr "ridge" expr gate:?
             {% ([word, name, , value, , ridge, gate]) => ({ kind: 'whiten', name: name.value, nameSpan: spanOf(name),
                value, ridge, gate: gate && gate.value, span: between(word, ridge, gate) }) %}
           | "draw" %name "=" %name scope
             {% ([word, name, , distribution, scope]) => ({ kind: 'draw', name: name.value, nameSpan: spanOf(name),
                distribution: distribution.value, scope: scope.name, span: between(word, scope) }) %}
fading    -> "trace" {% id %} | "average" {% id %}
span      -> "over" expr                              {% ([word, value]) => ({ kind: 'over', value, span: between(word, value) }) %}
           | "keeping" expr                           {% ([word, value]) => ({ kind: 'keeping', value, span: between(word, value) }) %}
since     -> "since" ref                              {% ([word, value]) => ({ value, span: between(word, value) }) %}
from      -> "from" expr                              {% ([word, value]) => ({ value, span: between(word, value) }) %}
gate      -> "gate" expr                              {% ([word, value]) => ({ value, span: between(word, value) }) %}

choice    -> "choice" %name formals:? "=" alts
             {% ([word, name, formals, , alternatives]) => ({ kind: 'choice', name: name.value, nameSpan: spanOf(name),
                formals: formals ?? [], alternatives, span: between(word, alternatives) }) %}
formals   -> "(" %name ("," %name):* ")"              {% (d) => values(listOf(d[1], d[2])) %}
term      -> "term" %name:? "=" alts
             {% ([word, name, , alternatives]) => ({ kind: 'term', name: name ? name.value : null, alternatives,
                span: between(word, alternatives) }) %}
alts      -> expr ("|" expr):*                        {% (d) => listOf(d[0], d[1]) %}
keep      -> "keep" limit ("," limit):*
             {% (d) => { const limits = listOf<any>(d[1], d[2]); return { kind: 'keep', limits, span: between(d[0], limits) }; } %}
limit     -> %name %atmost %number
             {% (d) => ({ what: d[0].value, whatSpan: spanOf(d[0]), limit: Number(d[2].text), span: between(d[0], d[2]) }) %}
           | %name %atmost %name
             {% (d) => ({ what: d[0].value, whatSpan: spanOf(d[0]), limit: d[2].value, span: between(d[0], d[2]) }) %}
drop      -> "drop" expr ("," expr):*
             {% (d) => { const expressions = listOf<any>(d[1], d[2]); return { kind: 'drop', expressions, span: between(d[0], expressions) }; } %}

expr      -> "if" cond "then" expr "else" expr
             {% (d) => ({ kind: 'if', condition: d[1], then: d[3], otherwise: d[5], span: between(d[0], d[5]) }) %}
           | sum {% id %}
cond      -> cond "or" conj                           {% (d) => ({ kind: 'or', left: d[0], right: d[2], span: between(d[0], d[2]) }) %}
           | conj {% id %}
conj      -> conj "and" comp                          {% (d) => ({ kind: 'and', left: d[0], right: d[2], span: between(d[0], d[2]) }) %}
           | comp {% id %}
# Brackets around a condition never compete with brackets around an operand: only one of them holds a comparison.
comp      -> sum (%below | %above | %atmost | %atleast) sum  {% ([left, [operator], right]) => comparison(left, operator, right) %}
           | "(" cond ")"                             {% (d) => ({ ...d[1], span: between(d[0], d[2]) }) %}
sum       -> sum (%plus | %minus) product             {% ([left, [operator], right]) => binary(left, operator, right) %}
           | product {% id %}
product   -> product (%times | %over) signed          {% ([left, [operator], right]) => binary(left, operator, right) %}
           | signed {% id %}
signed    -> %minus signed                            {% ([minus, operand]) => ({ kind: 'negate', operand, span: between(minus, operand) }) %}
           | power {% id %}
power     -> atom %power signed                       {% ([base, operator, exponent]) => binary(base, operator, exponent) %}
           | atom %superscript                        {% ([base, mark]) => raised(base, mark) %}
           | atom {% id %}
atom      -> measure                                  {% ([m]) => ({ kind: 'number', measure: bare(m), span: m.span }) %}
           | ref {% id %}
           | %name "(" expr ("," expr):* ")"
             {% (d) => ({ kind: 'call', callee: d[0].value, calleeSpan: spanOf(d[0]), args: listOf(d[2], d[3]), span: between(d[0], d[4]) }) %}
           | "(" expr ")"                             {% (d) => ({ ...d[1], span: between(d[0], d[2]) }) %}
ref       -> %name member:? moment:?
             {% ([name, member, moment]) => ({ kind: 'name', name: name.value, member: member && member.name,
                moment: moment && moment.moment, span: between(name, member, moment) }) %}
member    -> "." %name                                {% ([dot, name]) => ({ name: name.value, span: between(dot, name) }) %}
moment    -> "@" %name                                {% ([at, name]) => ({ moment: { kind: 'named', name: name.value }, span: between(at, name) }) %}
           | "@" %quantity                            {% ([at, q]) => ({ moment: { kind: 'delay', delay: bare(measureOf(q)) }, span: between(at, q) }) %}
