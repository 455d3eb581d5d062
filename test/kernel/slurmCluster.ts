/** A Slurm of one node on this machine, of Debian's packages: its daemons, on ports of the loopback. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why there can be no Slurm here; undefined if there can. Installs Debian's packages where they lack. */
export async function noSlurm(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'it needs root';
  if (await hasSlurm()) return undefined;
  if (!existsSync('/etc/debian_version')) return 'slurm-wlm and munge are not installed, and this is no Debian';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-qq', '--no-install-recommends', 'slurm-wlm', 'munge'];
  try {
    await run('apt-get', install, { env, timeout: 120_000 }).catch(async () => {
      await run('apt-get', ['update', '-qq'], { env, timeout: 60_000 });
      await run('apt-get', install, { env, timeout: 120_000 });
    });
  } catch (error) {
    return `Debian’s packages slurm-wlm and munge could not be installed: ${(error as Error).message.split('\n')[0]}`;
  }
  return (await hasSlurm()) ? undefined : 'Debian’s packages brought no slurmd';
}

async function hasSlurm(): Promise<boolean> {
  const found = await Promise.allSettled(
    ['slurmctld', 'slurmd', 'munged', 'sbatch'].map((name) => run('sh', ['-c', `command -v ${name}`])),
  );
  return found.every(({ status }) => status === 'fulfilled');
}

export class SlurmCluster {
  readonly env: NodeJS.ProcessEnv;
  private readonly daemons = new Map<string, ChildProcess>();

  private constructor(private readonly folder: string) {
    this.env = { ...process.env, SLURM_CONF: join(folder, 'slurm.conf') };
  }

  static async start(cpus: number): Promise<SlurmCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'latentlab-slurm-'));
    const cluster = new SlurmCluster(folder);
    for (const name of ['state', 'spool', 'munge']) mkdirSync(join(folder, name), { mode: 0o700 });
    writeFileSync(join(folder, 'munge', 'key'), randomBytes(1024), { mode: 0o400 });
    writeFileSync(join(folder, 'slurm.conf'), configuration(folder, cpus, await freePort(), await freePort()));
    const munge = (name: string) => join(folder, 'munge', name);
    const files = [`--key-file=${munge('key')}`, `--socket=${munge('socket')}`, `--pid-file=${munge('pid')}`];
    const logs = [`--log-file=${munge('log')}`, `--seed-file=${munge('seed')}`];
    cluster.begin('munged', ['--foreground', '--force', ...files, ...logs]);
    await until(() => existsSync(munge('socket')), 10_000, 'munged');
    cluster.begin('slurmctld', ['-D', '-f', cluster.env['SLURM_CONF']!]);
    cluster.startNode();
    await until(async () => (await cluster.ask('sinfo', '--noheader', '--format=%T')) === 'idle', 20_000, 'slurmd');
    return cluster;
  }

  /** The node's daemon. */
  startNode(): void {
    this.begin('slurmd', ['-D', '-f', this.env['SLURM_CONF']!]);
  }

  /** As a machine's failure ends it. */
  async killNode(): Promise<void> {
    const daemon = this.daemons.get('slurmd')!;
    const gone = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill('SIGKILL');
    await gone;
  }

  /** What a command of Slurm's says; empty if it fails. */
  async ask(command: string, ...args: string[]): Promise<string> {
    return run(command, args, { env: this.env }).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
  }

  async stop(): Promise<void> {
    await this.ask('scancel', '--user=root');
    await until(async () => (await this.ask('squeue', '--noheader')) === '', 10_000, 'squeue').catch(() => {});
    for (const name of ['slurmd', 'slurmctld', 'munged']) {
      const daemon = this.daemons.get(name);
      if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) continue;
      const gone = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGTERM');
      const late = setTimeout(() => daemon.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(late);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private begin(name: string, args: string[]): void {
    this.daemons.set(name, spawn(name, args, { env: this.env, stdio: 'ignore' }));
  }
}

/** @throws Error when it does not come true in time */
export async function until(holds: () => boolean | Promise<boolean>, patience: number, what: string): Promise<void> {
  const deadline = performance.now() + patience;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not in ${patience / 1000} s`);
    await pause(50);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function configuration(folder: string, cpus: number, controlPort: number, nodePort: number): string {
  const node = hostname().split('.')[0]!;
  const at = (name: string) => join(folder, name);
  return `ClusterName=latentlab
SlurmctldHost=${node}(127.0.0.1)
SlurmctldPort=${controlPort}
SlurmdPort=${nodePort}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${at('munge/socket')}
CredType=cred/munge
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
SlurmdTimeout=30
KillWait=5
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=${node} NodeAddr=127.0.0.1 CPUs=${cpus} State=UNKNOWN
PartitionName=main Nodes=${node} Default=YES MaxTime=INFINITE State=UP
`;
}
