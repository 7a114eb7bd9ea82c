/** Letter case of names, as the Go library that the Collector uses (`strcase`) has it. Only ASCII letters have a case here. */

function isUpper(character: string | undefined): boolean {
  return character !== undefined && character >= 'A' && character <= 'Z';
}

function isLower(character: string | undefined): boolean {
  return character !== undefined && character >= 'a' && character <= 'z';
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function isBoundary(character: string): boolean {
  return character === ' ' || character === '_' || character === '-' || character === '.';
}

/** Whether a word ends between two characters that are neither of them a boundary. */
function changesKind(one: string, other: string | undefined): boolean {
  if (isUpper(one)) return isLower(other) || isDigit(other);
  if (isLower(one)) return isUpper(other) || isDigit(other);
  return isDigit(one) && (isUpper(other) || isLower(other));
}

/** `someName`, `SomeName`, `some-name`, `some name` → `some_name`; a number is a word of its own. */
export function snakeCase(text: string): string {
  const trimmed = text.trim();
  let snake = '';
  for (let at = 0; at < trimmed.length; at++) {
    const character = trimmed[at]!;
    const next = trimmed[at + 1];
    const written = isUpper(character) ? character.toLowerCase() : character;
    if (changesKind(character, next)) {
      const endsAcronym = isUpper(character) && isLower(next) && isUpper(trimmed[at - 1]);
      const endsWord = isLower(character) || isDigit(character) || isDigit(next);
      snake += (endsAcronym ? '_' : '') + written + (endsWord ? '_' : '');
    } else snake += isBoundary(character) ? '_' : written;
  }
  return snake;
}

/** `some_name`, `some name`, `some.name` → `SomeName`. Of several upper-case letters in a row the first stays one. */
export function camelCase(text: string): string {
  const trimmed = text.trim();
  const source = trimmed === 'ID' ? 'id' : trimmed;
  let camel = '';
  let startsWord = true;
  let afterUpper = false;
  for (const character of source) {
    const upper = isUpper(character);
    const lower = isLower(character);
    if (upper || lower) {
      camel += startsWord ? character.toUpperCase() : afterUpper && upper ? character.toLowerCase() : character;
      startsWord = false;
    } else if (isDigit(character)) {
      camel += character;
      startsWord = true;
    } else startsWord = isBoundary(character);
    afterUpper = upper;
  }
  return camel;
}
