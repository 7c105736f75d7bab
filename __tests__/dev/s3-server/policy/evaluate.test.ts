import { describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../../../dev/s3-server/policy/document.ts';
import { evaluatePolicies } from '../../../../dev/s3-server/policy/evaluate.ts';

const identity = (...Statement: object[]) => parsePolicy({ Version: '2012-10-17', Statement }, 'identity');
const query = { action: 's3:PutObject', resource: 'arn:aws:s3:::b/k', context: new Map<string, string[]>() };
const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });

describe('evaluatePolicies', () => {
  it('allows what one statement of any policy allows', () => {
    expect(evaluatePolicies([identity(allow('s3:GetObject', '*')), identity(allow('S3:put*', '*'))], query)).toBe(
      'allow',
    );
  });

  it('says none when nothing applies', () => {
    expect(evaluatePolicies([identity(allow('s3:PutObject', 'arn:aws:s3:::b'))], query)).toBe('none');
    expect(evaluatePolicies([], query)).toBe('none');
  });

  it('lets one Deny win', () => {
    const deny = { Effect: 'Deny', NotAction: 's3:Get*', Resource: '*' };
    expect(evaluatePolicies([identity(allow('*', '*'), deny)], query)).toBe('deny');
  });

  it('applies a statement only when all its conditions hold', () => {
    const Condition = { StringEquals: { 's3:if-none-match': '*' }, Bool: { 'aws:SecureTransport': 'true' } };
    const policy = identity({ ...allow('*', '*'), Condition });
    const known: [string, string[]][] = [
      ['s3:if-none-match', ['*']],
      ['aws:securetransport', ['true']],
    ];
    expect(evaluatePolicies([policy], { ...query, context: new Map(known) })).toBe('allow');
    expect(evaluatePolicies([policy], { ...query, context: new Map(known.slice(0, 1)) })).toBe('none');
  });

  it('compares principals by type and name when there is a subject', () => {
    const Statement = { ...allow('s3:*', '*'), Principal: { AWS: 'arn:aws:iam::1:role/r' } };
    const policy = parsePolicy({ Statement }, 'resource');
    const names = ['arn:aws:iam::1:role/r'];
    expect(evaluatePolicies([policy], { ...query, subject: { type: 'AWS', names } })).toBe('allow');
    expect(evaluatePolicies([policy], { ...query, subject: { type: 'Federated', names } })).toBe('none');
    expect(evaluatePolicies([policy], { ...query, subject: { type: 'AWS', names: ['other'] } })).toBe('none');
  });
});
