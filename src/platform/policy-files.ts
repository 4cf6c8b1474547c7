import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The pack folders that come with the program. */
export const ownPolicyFolder = join(import.meta.dirname, '../../policy');

/** One file of a policy folder: its path as people should read it in an error, and its text. */
export interface FoundPolicyFile {
  path: string;
  text: string;
}

/**
 * Every YAML file of the given folders, at any depth, sorted by path: of the program's own folder as `policy/…`, of another one
 * (POLICY_DIR) under the name it was given. Throws in Chinese when a folder or a file cannot be read as UTF-8 text.
 */
export async function readPolicyFolders(folders: readonly string[]): Promise<FoundPolicyFile[]> {
  const files: FoundPolicyFile[] = [];
  for (const folder of folders) {
    const name = folder === ownPolicyFolder ? 'policy' : folder.replace(/[/\\]+$/, '');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        throw new Error(`读不到政策文件夹 ${folder}（${error.code}）；请检查 POLICY_DIR 或路径。`, { cause: error });
      },
    );
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const inside = relative(folder, path).split(sep);
      // What editors and version control leave beside the files is not policy.
      if (!entry.isFile() || !/\.ya?ml$/.test(entry.name) || inside.some((part) => part.startsWith('.'))) continue;
      if (entry.name.endsWith('.yml')) throw new Error(`${path} 的扩展名应为 .yaml；请改名后再载入。`);
      files.push({ path: [name, ...inside].join('/'), text: decode(await readFile(path), path) });
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** The folders of this deployment: the program's own and, where set, those of POLICY_DIR (several are separated as in PATH). */
export function policyFolders(policyDir: string | undefined): string[] {
  const others = (policyDir ?? '').split(process.platform === 'win32' ? ';' : ':').filter((folder) => folder !== '');
  return [ownPolicyFolder, ...others];
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`${path} 不是 UTF-8 文本；请另存为 UTF-8 编码。`);
  }
}
