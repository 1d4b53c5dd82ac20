// Numbers drawn at random, the same for the same seed on every machine.

/**
 * Uniform numbers in (0, 1): mulberry32 (Tommy Ettinger's, public domain), begun from whole
 * numbers mixed as in MurmurHash3's last step.
 * @param {...number} seeds whole numbers
 * @returns {() => number}
 */
function uniforms(...seeds) {
  let now = 0x9e3779b9;
  for (const seed of seeds) {
    now = Math.imul(now ^ seed, 0x85ebca6b);
    now = Math.imul(now ^ (now >>> 13), 0xc2b2ae35);
    now ^= now >>> 16;
  }
  return () => {
    now = (now + 0x6d2b79f5) | 0;
    let bits = Math.imul(now ^ (now >>> 15), now | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32 + 2 ** -33;
  };
}

/** Two independent standard normal numbers (Box and Muller). */
function normalPair(draw) {
  const long = Math.sqrt(-2 * Math.log(draw())), angle = 2 * Math.PI * draw();
  return [long * Math.cos(angle), long * Math.sin(angle)];
}
