import { existsSync, readFileSync } from 'node:fs';

const STATUS = '/proc/self/status';

/**
 * Bytes of memory that this process holds. On Linux without the pages of files, such as the program
 * itself: these come and go as the system likes.
 */
export function residentBytes(): number {
  const status = existsSync(STATUS) ? readFileSync(STATUS, 'utf8') : '';
  const anonymous = /^RssAnon:\s+(\d+) kB$/m.exec(status);
  return anonymous ? Number(anonymous[1]) * 1024 : process.memoryUsage.rss();
}
