import { printable } from '../command/printable';

/** A value of a template as people read it: references in angle brackets, joined text as one. */
export function text(value: unknown): string {
  return printable(flat(value));
}

function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(flat).join('.');
  const [[key, argument] = ['', ''], ...more] = Object.entries(value);
  if (more.length > 0) return JSON.stringify(value);
  if (key === 'Ref') return `<${flat(argument)}>`;
  if (key === 'Fn::GetAtt') return `<${flat(argument)}>`;
  if (key === 'Fn::ImportValue') return `<${flat(argument)}>`;
  if (key === 'Fn::GetStackOutput') {
    const { StackName, OutputName } = argument as Record<string, unknown>;
    return `<${flat([StackName, OutputName])}>`;
  }
  if (key === 'Fn::Sub' && typeof argument === 'string') return argument;
  if (key === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1].map(flat).join(String(argument[0]));
  }
  return JSON.stringify(value);
}
