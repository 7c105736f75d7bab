import { describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../../../dev/s3-server/policy/document.ts';

const VERSION = '2012-10-17';
const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

describe('parsePolicy', () => {
  it('takes JSON and objects, single values and lists', () => {
    const object = { Version: VERSION, Statement: allow };
    const expected = {
      statements: [
        {
          effect: 'Allow',
          actions: { negated: false, patterns: ['s3:GetObject'] },
          resources: { negated: false, patterns: ['*'] },
          principals: undefined,
          conditions: [],
        },
      ],
    };
    expect(parsePolicy(object, 'identity')).toEqual(expected);
    expect(parsePolicy(JSON.stringify({ ...object, Statement: [allow] }), 'identity')).toEqual(expected);
  });

  it('takes conditions apart', () => {
    const Condition = {
      'ForAnyValue:StringLikeIfExists': { 's3:Prefix': ['a', 'b'] },
      Bool: { 'aws:SecureTransport': false },
    };
    const policy = parsePolicy({ Version: VERSION, Statement: { ...allow, Condition } }, 'identity');
    expect(policy.statements[0]?.conditions).toEqual([
      { quantifier: 'ForAnyValue', operator: 'StringLike', ifExists: true, key: 's3:prefix', values: ['a', 'b'] },
      { quantifier: undefined, operator: 'Bool', ifExists: false, key: 'aws:securetransport', values: ['false'] },
    ]);
  });

  it('knows NotAction, NotResource and principals of every form', () => {
    const Statement = [
      { Effect: 'Deny', Principal: '*', NotAction: 's3:Get*', NotResource: 'x' },
      { Effect: 'Allow', Principal: { AWS: ['1', '2'], Federated: 'f' }, Action: '*', Resource: '*' },
    ];
    const { statements } = parsePolicy({ Version: VERSION, Statement }, 'resource');
    expect(statements[0]).toMatchObject({
      actions: { negated: true },
      resources: { negated: true },
      principals: [{ type: '*', names: ['*'] }],
    });
    expect(statements[1]?.principals).toEqual([
      { type: 'AWS', names: ['1', '2'] },
      { type: 'Federated', names: ['f'] },
    ]);
  });

  it.each([
    ['no JSON', '{', 'identity', /Syntax errors/],
    ['a list', '[]', 'identity', /Syntax errors/],
    ['no statement', { Version: VERSION }, 'identity', /Statement/],
    ['an unknown version', { Version: '2020-01-01', Statement: allow }, 'identity', /Version/],
    ['an unknown effect', { Statement: { ...allow, Effect: 'Maybe' } }, 'identity', /Effect/],
    ['no action', { Statement: { Effect: 'Allow', Resource: '*' } }, 'identity', /Action/],
    ['an action that is no text', { Statement: { ...allow, Action: {} } }, 'identity', /Action must be/],
    ['a misspelt field', { Statement: { ...allow, Conditions: {} } }, 'identity', /Unknown field Conditions/],
    [
      'an unknown operator',
      { Statement: { ...allow, Condition: { StringSame: { a: 'b' } } } },
      'identity',
      /StringSame/,
    ],
    ['a session policy without resources', { Statement: { Effect: 'Allow', Action: '*' } }, 'identity', /resources/],
    ['a session policy with a principal', { Statement: { ...allow, Principal: '*' } }, 'identity', /principal/],
    ['a bucket policy without a principal', { Statement: allow }, 'resource', /Principal/],
    ['a trust policy with a resource', { Statement: { ...allow, Principal: '*' } }, 'trust', /Resource/],
  ] as const)('refuses %s', (_, input, kind, message) => {
    expect(() => parsePolicy(input, kind)).toThrow(
      expect.objectContaining({ name: 'PolicyError', message: expect.stringMatching(message) }),
    );
  });
});
