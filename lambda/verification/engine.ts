/**
 * The check engine: a plan of checks in, results and a profile out. It knows neither clouds nor objectives.
 * `observe` asks inside the network, round by round; `conclude` judges outside, purely; `capture` profiles a source.
 */
export { capture, CaptureFailed, type CaptureOptions } from './capture';
export { conclude } from './conclude';
export type { Knowledge } from './conclusion';
export type { Cursor, Observation } from './observations';
export { CannotConnect, DatabaseError, LoginRefused, type Database, type Sample, type Server } from './port';
export { observe, type RoundResult } from './rounds';
