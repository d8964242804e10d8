import type { ResourceInventory, SourceInventory } from '../../lib/private/contract/inventory';
import { machineryOf } from '../../lambda/evidence/cost';
import { INSTANCE_MINIMUM_SECONDS, type Price, type PriceTable } from '../../lambda/evidence/prices';
import type { DatabaseInventory } from '../assembly/databases';
import type { TemplateResource } from '../assembly/read';
import { type CostLine, priced, together } from './line';
import {
  type Assumptions,
  automatedShare,
  HOURS_PER_MONTH,
  recoveryPointShare,
  transferShare,
  wholePoints,
} from './model';

/** What is taken where neither template nor caller says it. */
const GIB = 100;
const CLASS = { 'db-instance': 'db.m6g.large', 'db-cluster': 'db.r6g.large' } as const;
const RETENTION_DAYS = 7;
const CHECKING_SECONDS = 600;
/** Between two questions of the machine. */
const POLL_SECONDS = 30;

export interface Size {
  readonly gib: number;
  readonly instanceClass: string;
  readonly assumed: readonly string[];
}

/** Storage and class of a resource: as given, as its template says, else assumed and said to be. */
export function sizeOf(
  { name, kind, drills }: DatabaseInventory,
  declared: TemplateResource | undefined,
  { gib: given }: Assumptions,
): Size {
  const { AllocatedStorage, DBInstanceClass, DBClusterInstanceClass } = declared?.Properties ?? {};
  const allocated = Number(AllocatedStorage);
  const gib = given.get(name) ?? (allocated > 0 ? allocated : undefined);
  const instanceClass = [DBInstanceClass, DBClusterInstanceClass].find((each) => typeof each === 'string');
  const assumed = [
    ...(gib === undefined ? [`${GIB} GiB, since no template says it: give --gib ${name}=N`] : []),
    ...(instanceClass === undefined && drills.length > 0 ? [`class ${CLASS[kind]}, since no template says it`] : []),
  ];
  return { gib: gib ?? GIB, instanceClass: (instanceClass as string | undefined) ?? CLASS[kind], assumed };
}

/** Backups in the home Region, beyond the database itself. */
export function storageLines(
  resource: ResourceInventory,
  { gib }: Size,
  prices: PriceTable,
  assumptions: Assumptions,
): CostLine[] {
  const here = resource.sources.filter((source) => isHere(source, resource));
  const automated = here.find((source) => source.kind === 'point-in-time');
  const points = here.filter((source) => source.kind === 'recovery-point');
  const lines: CostLine[] = [];
  if (automated) {
    const size = gib * automatedShare(automated.retentionDays ?? RETENTION_DAYS, assumptions);
    const days = automated.retentionDays ?? `${RETENTION_DAYS} (assumed)`;
    lines.push(priced('storage', `automated backups, ${days} days`, size, 'GiB', automatic(resource, prices)));
  }
  if (points.length > 0) {
    const share = isAurora(resource)
      ? wholePoints(points, automated?.retentionDays ?? RETENTION_DAYS)
      : recoveryPointShare(points, assumptions);
    const size = gib * share;
    lines.push(priced('storage', `recovery points: ${tiersOf(points)}`, size, 'GiB', awsBackup(resource, prices)));
  }
  return lines;
}

/** What is kept elsewhere, by the place it is kept in, and what it takes to bring it there. */
export function copyLines(
  resource: ResourceInventory,
  { gib }: Size,
  prices: PriceTable,
  assumptions: Assumptions,
): CostLine[] {
  const { region, sources } = resource;
  // A copy of an Aurora backup is never incremental.
  const whole = isAurora(resource);
  return byPlace(sources.filter((source) => !isHere(source, resource))).flatMap((copies) => {
    const [{ storage, region: where }] = copies;
    const kept = gib * copyShare(copies, whole, assumptions);
    const sent = gib * copies.reduce((share, each) => share + transferShare(each, whole, assumptions), 0);
    const price = storage === 'rds' ? automatic(resource, prices) : awsBackup(resource, prices);
    const item = placeOfCopies(copies, resource);
    return [
      priced('copies', item, kept, 'GiB', price),
      ...(where === region ? [] : [priced('copies', `sending ${item}`, sent, 'GiB', prices.transferGib)]),
    ];
  });
}

/** The restored copies of drills, and the functions and states that make them. */
export function drillLines(
  resource: ResourceInventory,
  { gib, instanceClass }: Size,
  prices: PriceTable,
  { drillHours }: Assumptions,
): CostLine[] {
  const classes = isAurora(resource) ? prices.auroraInstanceHour : prices.instanceHour;
  const storage = isAurora(resource) ? prices.auroraGibMonth : prices.gp3GibMonth;
  return resource.drills.flatMap(({ name, intervalSeconds }) => {
    const runs = (HOURS_PER_MONTH * 3600) / intervalSeconds;
    const hours = runs * Math.max(drillHours, INSTANCE_MINIMUM_SECONDS / 3600);
    const { transitions, calls, gbSeconds } = machineryOf(drillHours * 3600, POLL_SECONDS, CHECKING_SECONDS);
    const drill = name.split('/').at(-1);
    const line = (item: string) => `drill ${drill}: ${item}`;
    return [
      priced('drills', line(`restored ${instanceClass}`), hours, 'hours', own(classes, instanceClass)),
      priced('drills', line(`storage of ${gib} GiB`), (gib * hours) / HOURS_PER_MONTH, 'GiB-months', storage),
      together('drills', line('functions, states, secret'), [
        { quantity: runs * calls, unit: 'calls', price: prices.lambdaRequest },
        { quantity: runs * gbSeconds, unit: 'GB-seconds', price: prices.lambdaGbSecond },
        { quantity: runs * transitions, unit: 'transitions', price: prices.stateTransition },
        { quantity: hours, unit: 'hours of a secret', price: perHour(prices.secretMonth) },
      ]),
    ];
  });
}

function perHour({ usd, per, ...price }: Price): Price {
  return { ...price, usd: usd / HOURS_PER_MONTH, per };
}

/** Its backups are priced apart, and each is whole. */
function isAurora({ engine }: ResourceInventory): boolean {
  return engine.startsWith('aurora');
}

function isHere(source: SourceInventory, { account, region }: ResourceInventory): boolean {
  return source.account === account && source.region === region;
}

function tiersOf(points: readonly SourceInventory[]): string {
  return points.map(({ tier, retentionDays }) => `${tier} ${retentionDays} days`).join(', ');
}

function placeOfCopies(copies: readonly SourceInventory[], home: ResourceInventory): string {
  const [{ account, region, everyDays, retentionDays }] = copies;
  const where = [
    ...(region === home.region ? [] : [region]),
    ...(account === home.account ? [] : [`account ${account}`]),
  ].join(', ');
  if (everyDays !== undefined) return `copies in ${where}: ${tiersOf(copies)}`;
  return `automated backups in ${where}, ${retentionDays ?? `${RETENTION_DAYS} (assumed)`} days`;
}

/** Recovery points in one place share blocks; what is continuous is kept apart from them. */
function byPlace(sources: readonly SourceInventory[]): SourceInventory[][] {
  const places = new Map<string, SourceInventory[]>();
  for (const source of sources) {
    const { storage, account, region, everyDays } = source;
    const place = JSON.stringify([storage, account, region, everyDays === undefined]);
    places.set(place, [...(places.get(place) ?? []), source]);
  }
  return [...places.values()];
}

/** Sizes of a database that its copies in one place take together. */
function copyShare(copies: readonly SourceInventory[], whole: boolean, assumptions: Assumptions): number {
  const [{ retentionDays = RETENTION_DAYS, everyDays }] = copies;
  if (everyDays === undefined) return 1 + automatedShare(retentionDays, assumptions);
  if (!whole) return recoveryPointShare(copies, assumptions);
  return copies.reduce(
    (share, copy) => share + Math.ceil((copy.retentionDays ?? RETENTION_DAYS) / (copy.everyDays ?? 1)),
    0,
  );
}

function automatic(resource: ResourceInventory, prices: PriceTable): Price {
  return isAurora(resource) ? prices.auroraBackupGibMonth : prices.rdsBackupGibMonth;
}

function awsBackup(resource: ResourceInventory, prices: PriceTable): Price {
  return isAurora(resource) ? prices.awsBackupAuroraGibMonth : prices.awsBackupGibMonth;
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
