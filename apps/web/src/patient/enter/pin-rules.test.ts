import { expect, test } from 'vitest';
import { pinProblem } from './pin-rules.ts';

test.each(['', '12345', '12345a', '1234567890123', '48 159 2'])('%s is no PIN', (pin) => {
  expect(pinProblem(pin)).toBe('pin.short');
});

test.each(['000000', '123456', '654321', '890123', '121212', '123123', '19480312', '20011231'])(
  '%s is too easy',
  (pin) => {
    expect(pinProblem(pin)).toBe('pin.easy');
  },
);

test.each(['481592', '730164', '90210734', '112358'])('%s will do', (pin) => {
  expect(pinProblem(pin)).toBeNull();
});
