/** The ARC4 generator of seedrandom without the six others of its index, which the library does not use. */
declare module 'seedrandom/seedrandom.js' {
  export { default } from 'seedrandom';
}
