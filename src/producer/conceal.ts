import { secretForms } from '../secret-forms.ts';

/** Names under which programs look for secrets: `PGPASSWORD`, `MYSQL_PWD`, `RESTIC_PASSWORD`, `GITHUB_TOKEN`. */
const SECRET_NAME = /PASSWORD|PASSWD|PASSPHRASE|_PWD$|SECRET|TOKEN|ACCESS_KEY|API_KEY|PRIVATE_KEY/i;

/** User and password in a URL. */
const USER_INFORMATION = /\/\/[^\s/@]*@/g;

/**
 * Takes secrets out of what a program says: the values of its variables that are named like one, and the user
 * information of URLs. What the edge knows of secrets it masks by itself.
 */
export function concealer(variables: Readonly<Record<string, string>>): (text: string) => string {
  const named = Object.entries(variables).filter(([name]) => SECRET_NAME.test(name));
  // The longest first, as one may hold another.
  const forms = named.flatMap(([, value]) => secretForms(value)).sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((open, form) => open.replaceAll(form, '***'), text).replace(USER_INFORMATION, '//***@');
}
