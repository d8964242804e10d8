/** What a rehearsal goes through, in order: its own preparation, then the machine's states as a person would group them. */
export const PHASES = [
  'Start PostgreSQL',
  'Load the data',
  'Back up',
  'Lose data',
  'Declare disaster',
  'Choose recovery source',
  'Restore',
  'Open access',
  'Verify',
  'Tear down',
  'Record evidence',
  'Announce',
  'Sweep',
] as const;

export type Phase = (typeof PHASES)[number];

/** A state of the machine belongs to the phase whose work it waits for. */
const PHASE_OF_STATE: Readonly<Record<string, Phase>> = {
  'Declare disaster': 'Declare disaster',
  'Choose recovery source': 'Choose recovery source',
  Restore: 'Restore',
  'Is it ready?': 'Restore',
  'Ready?': 'Restore',
  Wait: 'Restore',
  'Open access': 'Open access',
  'Access open?': 'Open access',
  'Wait for access': 'Open access',
  Verify: 'Verify',
  'Verified?': 'Verify',
  'Wait to verify': 'Verify',
  'Tear down': 'Tear down',
  'Gone?': 'Tear down',
  'Wait until gone': 'Tear down',
  'Record evidence': 'Record evidence',
  Announce: 'Announce',
};

export function phaseOf(state: string): Phase | undefined {
  return PHASE_OF_STATE[state];
}

/** Told while a rehearsal runs. A phase that is never begun did not happen. */
export interface Progress {
  begin(phase: Phase): void;
  /** What a person wants to know of the phase under way. */
  detail(text: string): void;
  /** The phase under way ended badly; the rehearsal may go on. */
  failed(reason: string): void;
}
