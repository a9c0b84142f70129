import { dice } from './dice.ts';

const WORDS =
  'anchor basil candle delta ember fable garden harbor island juniper kettle lantern meadow nickel orchard pepper quartz river saddle timber umbrella velvet walnut yellow zebra breeze copper'.split(
    ' ',
  );

export function recoveryWords(): readonly string[] {
  return Array.from({ length: 12 }, () => dice.pick(WORDS));
}
