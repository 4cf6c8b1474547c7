/** The door of the demo. */
export { type DemoOptions, type DemoSystem, demoRosters, loadDemo, type SignIn } from './load.ts';
export { unitsOf } from './units.ts';
