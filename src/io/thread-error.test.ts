import { expect, test } from 'vitest';
import { FormatError, IntegrityError, InternalError, LimitError, UnsafePathError } from '../errors.ts';
import { decodeError, encodeError } from './thread-error.ts';

test.each([
  new FormatError('tar', 512, 'cannot read tar: it is cut off', { advice: 'pull it again' }),
  new IntegrityError('layer 1', 'sha256:a', 'sha256:b'),
  new LimitError('entries', 7, 'cannot read image: 8 is more than the limit'),
  new UnsafePathError('../x', 'cannot place "../x": it leaves the root'),
])('$name comes out of a thread as it was', (error) => {
  const decoded = decodeError(structuredClone(encodeError(error)));
  expect(decoded).toBeInstanceOf(error.constructor);
  expect({ ...decoded, message: decoded.message }).toEqual({ ...error, message: error.message });
});

test('what is none of our errors is a bug', () => {
  const decoded = decodeError(structuredClone(encodeError(new TypeError('x is not a function'))));
  expect(decoded).toBeInstanceOf(InternalError);
  expect(decoded.message).toContain('x is not a function');
});
