import { map } from '../ottl.ts';
import type { Cases } from './cases.ts';

export const patterns: Cases = {
  results: [
    ['IsMatch("hello world", "hello.*")', true],
    ['IsMatch("say hello", "hello")', true],
    ['IsMatch("goodbye", "hello.*")', false],
    ['IsMatch(nil, ".*")', false],
    ['IsMatch(a["missing"], "")', false],
    ['IsMatch(a["int"], "^42$")', true],
    ['IsMatch(a["float"], "^2[.]5$")', true],
    ['IsMatch(a["yes"], "^true$")', true],
    ['IsMatch(a["map"], "\\"k1\\":\\"v1\\"")', true],
    ['IsMatch(a["list"], "^[[]\\"a\\"")', true],
    ['IsMatch(a["bytes"], "^3q0=$")', true],
    ['IsMatch("HELLO", "(?i)hello")', true],
    ['IsMatch("x", a["text"])', false],
    ['IsMatch("oh hello", a["text"])', true],
    ['ExtractPatterns("GET /a", "^(?P<method>[A-Z]+) (?P<path>.*)$")', map({ method: 'GET', path: '/a' })],
    ['ExtractPatterns("nothing", "(?P<x>[0-9]+)")', map({})],
    ['ExtractPatterns("ab", "(?P<one>a)(b)")', map({ one: 'a' })],
    ['ExtractPatterns("b", "(?P<one>a)?(?P<two>b)")', map({ one: '', two: 'b' })],
    ['ExtractPatterns("k=v", "(?P<key>[a-z])=")["key"]', 'k'],
  ],
  refused: [
    ['IsMatch("x", "(")', /invalid regular expression/],
    ['ExtractPatterns("x", "(x)")', /at least 1 named capture group/],
    ['ExtractPatterns(a["int"], "(?P<x>x)")', /expected string/],
  ],
};
