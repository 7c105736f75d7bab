import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createOpenIdConnectProvider, createRole, type IamAccess, putRolePolicy } from '../../../dev/ceph/iam.ts';
import { freePorts } from '../../../dev/ceph/ports.ts';

// The requests are proven on a real gateway by ceph.test.ts; here is what shows without one.
describe('the IAM calls', () => {
  let server: Server;
  let access: IamAccess;
  let answer: { status: number; body: string };
  let asked: { authorization: string | undefined; form: Record<string, string> };

  beforeEach(async () => {
    const [port = 0] = await freePorts(1);
    server = createServer(async (request, response) => {
      const form = Object.fromEntries(new URLSearchParams(await text(request)));
      asked = { authorization: request.headers.authorization, form };
      response.writeHead(answer.status).end(answer.body);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    const credentials = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'secret' };
    access = { endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1', credentials };
  });

  afterEach(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  it('are signed form posts', async () => {
    answer = { status: 200, body: '<R><OpenIDConnectProviderArn>arn:aws:iam:::p</OpenIDConnectProviderArn></R>' };
    const arn = await createOpenIdConnectProvider(access, 'http://issuer', 'ab12', 'sts.amazonaws.com');
    expect(arn).toBe('arn:aws:iam:::p');
    expect(asked.form).toEqual({
      Action: 'CreateOpenIDConnectProvider',
      Version: '2010-05-08',
      Url: 'http://issuer',
      'ClientIDList.member.1': 'sts.amazonaws.com',
      'ThumbprintList.member.1': 'ab12',
    });
    expect(asked.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKEXAMPLE\/\d{8}\/eu-west-1\/iam\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
    );
  });

  it('send policies as JSON', async () => {
    answer = { status: 200, body: '' };
    await putRolePolicy(access, 'backup', { Version: '2012-10-17', Statement: [] });
    expect(JSON.parse(asked.form.PolicyDocument ?? '')).toEqual({ Version: '2012-10-17', Statement: [] });
  });

  it('fail with what the server said', async () => {
    answer = { status: 409, body: '<Code>EntityAlreadyExists</Code>' };
    await expect(createRole(access, 'backup', {})).rejects.toThrow(
      'IAM CreateRole was answered with 409: <Code>EntityAlreadyExists</Code>',
    );
  });

  it('fail when the answer lacks what was asked for', async () => {
    answer = { status: 200, body: '<Empty/>' };
    await expect(createRole(access, 'backup', {})).rejects.toThrow("the gateway's answer has no <Arn>");
  });
});
