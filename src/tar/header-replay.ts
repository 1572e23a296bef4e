import type { Limits } from '../io/limits.ts';
import { HeaderChain, type TarMember } from './header-chain.ts';

/** HeaderReplay makes the members of a tar from nothing but the blocks that a TarParser gave to its `block`. */
export class HeaderReplay {
  readonly #chain: HeaderChain;

  constructor(limits: Limits) {
    this.#chain = new HeaderChain(limits);
  }

  /** Yields the members that `blocks`, one behind the other, complete; `offsets` says where in the tar each one lies. */
  *take(blocks: Uint8Array, offsets: Float64Array): Generator<TarMember> {
    let at = 0;
    for (const offset of offsets) {
      const wants = this.#chain.wants;
      const found = this.#chain.take(blocks.subarray(at, at + wants), offset);
      at += wants;
      if (found !== undefined && found !== 'end') yield found;
    }
  }
}
