import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ask } from '../aws';
import { confirmed, each, refuted, type Question } from '../question';

/** Of every site; the query function alone is in a network. */
const OTHERS = ['query', 'notify'];

export const functionStates: Question = {
  id: 'function-states',
  asks: 'The functions of a site can be invoked; the one in the drill network may be Inactive, from which a call wakes it',
  ask: async (look) => {
    const started = (await look.schedules()).map(({ starts }) => starts.split(':function:')[1]?.split(':')[0]);
    const named = look.sites.flatMap(({ prefix }) => OTHERS.map((name) => `${prefix}${name}`));
    const names = [...new Set([...started, ...named])].filter((name) => name !== undefined);
    return each(
      names.sort(),
      (name) => name,
      async (name) => {
        const { State: state, StateReason: why = '' } = await ask('lambda:GetFunctionConfiguration', () =>
          look.aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
        );
        // Lambda takes the network interfaces of what nobody has called for 14 days; drills try again for minutes.
        if (state === 'Active' || state === 'Inactive') return confirmed(`It is ${state}.`, name);
        return refuted(`It is ${state}: ${why}`, {
          about: name,
          means: 'Whatever calls it fails.',
          nextStep: 'Deploy the site again.',
        });
      },
    );
  },
};
