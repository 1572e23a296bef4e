/** What oslim uses of zstd-codec 0.1.5, which has no types of its own. */
declare module 'zstd-codec' {
  interface Simple {
    compress(bytes: Uint8Array, level: number): Uint8Array;
  }
  interface Streaming {
    decompress(bytes: Uint8Array): Uint8Array;
  }
  export const ZstdCodec: {
    run(
      ready: (binding: {
        readonly Simple: new () => Simple;
        readonly Streaming: new () => Streaming;
      }) => void,
    ): void;
  };
}
