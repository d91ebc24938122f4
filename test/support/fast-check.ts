import fc from 'fast-check';

/**
 * fast-check with one seed, so that two runs of the tests see the same inputs, and a change is judged by them alone.
 * `PROPERTY_SEED=random` looks for other inputs, and `PROPERTY_SEED=42` repeats them.
 */
const { PROPERTY_SEED: given = '20261126' } = process.env;
if (given !== 'random') fc.configureGlobal({ seed: Number(given) });

export { fc };
