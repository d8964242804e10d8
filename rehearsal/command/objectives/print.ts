import type { JudgedObjective, SourceInventory } from '../../../lib/private/contract/inventory';
import { counted, duration } from '../../../lambda/evidence/text';
import { text } from '../../assembly/text';
import { printable } from '../printable';
import { table } from '../table';
import type { ObjectivesReport } from './report';

type Resource = ObjectivesReport['resources'][number];

const STORAGE = { rds: 'RDS', 'aws-backup': 'AWS Backup', s3: 'S3' } as const;
const KIND = { 'db-instance': 'instance', 'db-cluster': 'cluster', bucket: 'bucket' } as const;
/** Keys that are nobody's own. */
const SHARED_KEYS = ['none', 'aws/rds', 'aws/s3', 's3'];

/** The report for people: what is promised and reached, where each could be recovered from, what nobody protects. */
export function printObjectives(report: ObjectivesReport): string {
  const { resources, underNoPlan, unread } = report;
  const plans = new Set(resources.map(({ stack, plan }) => JSON.stringify([stack, plan]))).size;
  return [
    `${counted(resources.length, 'resource')} under ${counted(plans, 'plan')}, ${counted(underNoPlan.length, 'database')} under none`,
    ...(resources.length > 0 ? [...promises(resources), ...sources(resources), ...settings(resources)] : []),
    ...(underNoPlan.length > 0 ? unprotected(underNoPlan) : []),
    ...unread.map(
      ({ stack, logicalId }) =>
        `Not looked at: the template of nested stack ${printable(logicalId)} in ${printable(stack)} is not in the assembly.`,
    ),
  ].join('\n');
}

function promises(resources: readonly Resource[]): string[] {
  return [
    '',
    'What is promised, and the least that can be reached while everything works',
    table(
      ['Resource', 'RPO', 'RPO, loss of the Region', 'RTO', '3-2-1', 'Drills'],
      resources.map((one) => [
        whose(one),
        figure(one.objectives.rpo, one.met.rpo),
        figure(one.objectives.regionLossRpo, one.met.regionLossRpo),
        `${duration(one.objectives.rtoSeconds)}\nnot yet measured`,
        threeTwoOne(one.threeTwoOne),
        one.drills.map(drill).join('\n') || 'none',
      ]),
    ),
    '3-2-1: three copies, the resource itself among them, kept by two services, one of them in another Region.',
    'RTO is measured by drills: their evidence says it. "Declared": only the account knows whether it is there.',
  ];
}

function whose({ name, engine, kind, ownership, owner, stack }: Resource): string {
  return [name, `${engine} ${KIND[kind]}, ${ownership}`, `owner ${owner}`, `in ${stack}`].map(printable).join('\n');
}

function figure({ objectiveSeconds, best }: JudgedObjective, met: boolean | null): string {
  const promised = objectiveSeconds === undefined ? 'not promised' : duration(objectiveSeconds);
  const reached = best
    ? `${met === false ? 'NOT MET, ' : ''}reaches ${duration(best.seconds)} from ${printable(best.source)}${best.known ? '' : ' (declared)'}`
    : 'nothing would remain';
  return `${promised}\n${reached}`;
}

function threeTwoOne({ copies, storages, elsewhere, holds }: Resource['threeTwoOne']): string {
  return [
    holds ? 'holds' : 'does not hold',
    mark(copies >= 3, counted(copies, 'copy', 'copies')),
    mark(storages.length >= 2, counted(storages.length, 'service')),
    mark(elsewhere.length >= 1, elsewhere.length > 0 ? elsewhere.map(place).join(', ') : 'none elsewhere'),
  ].join('\n');
}

function mark(holds: boolean, what: string): string {
  return `${holds ? '✔' : '✖'} ${what}`;
}

function drill({ name, intervalSeconds, sources }: Resource['drills'][number]): string {
  return printable(`${name.split('/').at(-1)} every ${duration(intervalSeconds)}: ${sources.join(', ')}`);
}

function sources(resources: readonly Resource[]): string[] {
  return [
    '',
    'Where each could be recovered from',
    table(
      ['Resource', 'Recovery source', 'Up to', 'Kept', 'By', 'Where', 'Key'],
      resources.flatMap((one) => one.sources.map((source, index) => row(index === 0 ? one.name : '', source))),
    ),
  ];
}

function row(name: string, source: SourceInventory): string[] {
  return [
    printable(name),
    `${printable(source.name)}${source.known ? '' : ' (declared)'}`,
    `${duration(source.oldestSeconds)} old`,
    source.retentionDays === undefined ? 'not known' : counted(source.retentionDays, 'day'),
    STORAGE[source.storage],
    where(source),
    key(source.key),
  ];
}

/** On a database that exists already these are what a first deployment changes in production. */
function settings(resources: readonly Resource[]): string[] {
  const changed = resources.filter(({ sets }) => sets.length > 0);
  if (changed.length === 0) return [];
  return [
    '',
    'What plans set on databases of this app, which say nothing of it themselves',
    table(
      ['Resource', 'Property', 'Value'],
      changed.flatMap(({ name, sets }) =>
        sets.map(({ property, value }, index) => [index === 0 ? printable(name) : '', property, text(value)]),
      ),
    ),
  ];
}

function unprotected(databases: ObjectivesReport['underNoPlan']): string[] {
  return [
    '',
    'Under no plan',
    table(
      ['Database', 'Stack', 'Kind', 'Region', 'Identifier'],
      databases.map(({ logicalId, stack, engine, kind, replica, region, identifier }) => [
        printable(logicalId),
        printable(stack),
        [printable(engine ?? ''), KIND[kind], replica ? '(replica)' : ''].filter(Boolean).join(' '),
        place(region),
        identifier === undefined ? 'known at deployment' : printable(identifier),
      ]),
    ),
  ];
}

/** Which key it is the JSON says: here counts whose. */
function key(value: unknown): string {
  if (value === undefined) return 'not known';
  return typeof value === 'string' && SHARED_KEYS.includes(value) ? value : 'own key';
}

/** One account needs no name, which is where it is not known. */
function where({ region, account }: SourceInventory): string {
  return account.startsWith('unknown-') ? place(region) : `${place(region)}, ${printable(account)}`;
}

/** The cloud assembly's words for what only a deployment knows. */
function place(name: string): string {
  return name.startsWith('unknown-') ? 'known at deployment' : printable(name);
}
