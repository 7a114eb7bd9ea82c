/** What leases and members need of the server. Times are the server's, so the clocks of the replicas do not matter. */
import { script } from './script.ts';

/** KEYS members. ARGV member, ttl in ms. */
export const renewMemberScript = script(`#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
`);

/** KEYS members → the live ones. */
export const membersScript = script(`#!lua flags=no-writes
local time = redis.call('TIME')
return redis.call('ZRANGE', KEYS[1], '(' .. (time[1] * 1000 + math.floor(time[2] / 1000)), '+inf', 'BYSCORE')
`);

/** KEYS lease. ARGV lease, ttl in ms → 1 if it is in force. One that is late is in force until another member takes the partition. */
export const renewScript = script(`#!lua flags=allow-oom
if redis.call('HGET', KEYS[1], 'text') ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'until', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
return 1
`);

/** KEYS lease. ARGV lease, ttl in ms → 1 if it was free and is taken. */
export const acquireScript = script(`#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if tonumber(redis.call('HGET', KEYS[1], 'until') or 0) > now then return 0 end
redis.call('HSET', KEYS[1], 'text', ARGV[1], 'until', now + ARGV[2])
redis.call('HDEL', KEYS[1], 'term')
return 1
`);

/** KEYS lease. ARGV lease, term → 1 if the lease is in force; its term is then at least the given one. */
export const beginTermScript = script(`#!lua flags=allow-oom
if redis.call('HGET', KEYS[1], 'text') ~= ARGV[1] then return 0 end
if tonumber(redis.call('HGET', KEYS[1], 'term') or 0) < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], 'term', ARGV[2]) end
return 1
`);

/** KEYS lease. ARGV lease. */
export const releaseScript = script(`#!lua flags=allow-oom
if redis.call('HGET', KEYS[1], 'text') == ARGV[1] then redis.call('DEL', KEYS[1]) end
`);
