/**
 * A literal is looked for by one pair of its neighbouring characters: the scan stops at the pair's second character, so that one should be rare in
 * prose, code and JSON.
 */

/** From frequent to rare, as found in English prose, source code and JSON. What is not listed is rarer. */
const frequent = ' etaoinsrlhdcu",pmf:gy.bv-w_k0/1x23STCAI4R5EN=PLDOM';

const rarity = (character: string): number => {
  const place = frequent.indexOf(character);
  return place === -1 ? frequent.length : place;
};

export const pairOf = (first: number, second: number): number => first * 128 + second;

/** The offset of the second character of the pair that tells `literal` best. A digit cannot end a pair: numbers have a scan of their own. */
export function bestPair(literal: string): number {
  let best = 1;
  let score = -1;
  for (let offset = 1; offset < literal.length; offset += 1) {
    const second = literal.charAt(offset);
    if (second >= '0' && second <= '9') continue;
    // The scan pays for each second character it meets, and for the pair only where it is one.
    const value = 64 * rarity(second) + rarity(literal.charAt(offset - 1));
    if (value > score) {
      score = value;
      best = offset;
    }
  }
  return best;
}
