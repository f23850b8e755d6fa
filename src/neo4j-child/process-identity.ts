import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The start time of a process, to tell it from a later one with the same id. Undefined when no such
 * process runs.
 *
 * Linux: boot id and start tick of `/proc`; macOS: `ps`; Windows: CIM. If the system gives no
 * answer: `unknown`, which {@link isSameProcess} accepts as the same.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (!isAlive(pid)) return undefined;
  try {
    return (await identify(pid)) ?? undefined;
  } catch {
    return isAlive(pid) ? 'unknown' : undefined;
  }
}

/** True when the process with `identity` still runs as `pid`. */
export async function isSameProcess(pid: number, identity: string): Promise<boolean> {
  const current = await processIdentity(pid);
  return (
    current !== undefined &&
    (current === identity || current === 'unknown' || identity === 'unknown')
  );
}

/** Sends a signal; a process that is already gone is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process is already gone.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function identify(pid: number): Promise<string | null> {
  switch (process.platform) {
    case 'linux': {
      const [boot, stat] = await Promise.all([
        readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
        readFile(`/proc/${pid}/stat`, 'utf8'),
      ]);
      // Fields after the name in brackets, which may contain spaces: [0] state, [19] start tick.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? null : `${boot.trim()}:${fields[19] ?? ''}`;
    }
    case 'win32': {
      const command = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CreationDate.Ticks`;
      const { stdout } = await run('powershell.exe', ['-NoProfile', '-Command', command]);
      return stdout.trim() || null;
    }
    default: {
      const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
      return stdout.trim() || null;
    }
  }
}
