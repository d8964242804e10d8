import {
  AddTagsToResourceCommand,
  RemoveTagsFromResourceCommand,
  type DBInstance,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { DrillFacts } from '../../../lib/private/contract/drill';
import { NamedError } from '../../shared/named-error';
import { drillTags, tagValue, TAGS } from '../../shared/tags';

/**
 * Gives the copy that a restore job made the drill's tags, and takes away those it inherited: they would pull it into production's
 * backup selections. Ours is what the drill's own job says that it created, and nothing else.
 */
export async function claim(rds: RDSClient, drill: DrillFacts, instance: DBInstance, created: string): Promise<void> {
  const { DBInstanceArn: arn, TagList: tags = [] } = instance;
  if (!arn || arn !== created) {
    throw new NamedError('NameTaken', `the restore job made ${created}, and ${arn} is none of drill ${drill.id}`);
  }
  const foreign = tags
    .map(({ Key = '' }) => Key)
    .filter((key) => !key.startsWith('aws:') && !(Object.values(TAGS) as string[]).includes(key));
  if (tagValue(tags, TAGS.drill) !== drill.id) {
    await rds.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: drillTags(drill) }));
  }
  if (foreign.length > 0) {
    await rds.send(new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: foreign }));
  }
}
