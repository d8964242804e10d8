import { confirmed, unknown, type Question } from '../question';

export const tagsDescribed: Question = {
  id: 'tags-described',
  asks: '`DescribeDBInstances` returns `TagList` without `rds:ListTagsForResource`',
  ask: async (look) => {
    const instances = await look.instances();
    if (instances.length === 0) return [];
    const tagged = instances.find(({ TagList = [] }) => TagList.length > 0);
    // The example's policy does not hold that right; whoever asks with more knows less.
    return tagged
      ? [
          confirmed(
            'It does, if whoever asks has no more rights than examples/doctor/role-policy.json.',
            tagged.DBInstanceIdentifier,
          ),
        ]
      : [unknown('No protected instance shows a tag.', undefined, 'Tag one, and ask again.')];
  },
};
