import { readFile } from 'node:fs/promises';
import type { GetIdToken } from '../aws/assume-role.ts';
import { InputError, messageOf } from '../errors.ts';
import { shown } from '../inputs/reader.ts';

/** Where a terminal has OIDC tokens from: the file wins. */
export interface TokenPlaces {
  readonly file?: string | undefined;
  readonly token?: string | undefined;
  /** Told each token before it is used, to keep it out of what is shown. */
  readonly onToken: (token: string) => void;
}

/** Outside GitHub nobody can be asked for a token: it has to be there, made for the right audience. */
export function givenIdToken({ file, token, onToken }: TokenPlaces): GetIdToken {
  return async () => {
    const found = file === undefined ? token : await readToken(file);
    if (found === undefined) throw noToken();
    onToken(found);
    return found;
  };
}

function noToken(): InputError {
  return new InputError(
    'role-to-assume',
    'The input `role-to-assume` needs an OIDC token, but a terminal has none of its own: give one with ' +
      '--id-token-file or in VSB_ID_TOKEN, or leave the input out for the credentials of the AWS SDK.',
    {
      operation: 'get ID token',
      hint: [
        'Without the input, credentials come from where the AWS CLI has them: AWS_PROFILE, AWS_ACCESS_KEY_ID,',
        '`aws sso login`, the container or the instance; also AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE.',
        'To go on to another role from there, set `role-chain`.',
      ].join('\n'),
    },
  );
}

/** Anew each time: who writes the file renews the token in it. */
async function readToken(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new InputError(
      'id-token-file',
      `The OIDC token in ${shown(path)} cannot be read (${messageOf(error)}): name a file that can be.`,
      { operation: 'get ID token', cause: error },
    );
  }
}
