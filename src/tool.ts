/** How this tool names itself in records and to servers. The version is that of package.json, checked by a test. */
export const TOOL = { name: 'versioned-s3-backup', version: '0.1.0' } as const;
