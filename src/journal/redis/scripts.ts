/**
 * The steps that the server takes as a whole. Each touches the keys of one partition only. Those that free memory or move work on are allowed
 * when the server is out of memory; appending is not.
 */
import { script } from './script.ts';

const append = `
local bytes = 0
for at = 2, #ARGV do
  redis.call('XADD', KEYS[1], '*', 'e', ARGV[at])
  bytes = bytes + #ARGV[at]
end
local appended = redis.call('HINCRBY', KEYS[2], 'in', bytes)
local items = redis.call('HINCRBY', KEYS[2], 'items', ARGV[1])
return { appended, tonumber(redis.call('HGET', KEYS[2], 'out') or 0), items }
`;

/** Entries into the inbox. KEYS inbox, usage. ARGV items, entry… → in, out, items. */
export const appendScript = script(`#!lua${append}`);

/** The same for commands: with them an operator makes room. */
export const commandScript = script(`#!lua flags=allow-oom${append}`);

/**
 * One change, if the lease and its term are in force. KEYS lease, inbox, usage, then for each space its values and its order.
 * ARGV lease, term, number of acknowledged entries, (stream id, items, bytes)…, number of deletions, (space, key)…, (space, key, value)…
 * A space is given as the position of its first key. → in, out, items; nil if the lease is not in force, -1 if its term is over.
 */
export const commitScript = script(`#!lua flags=allow-oom
if redis.call('HGET', KEYS[1], 'text') ~= ARGV[1] then return false end
if (redis.call('HGET', KEYS[1], 'term') or '0') ~= ARGV[2] then return -1 end
local gone, items = 0, 0
local at = 4
for _ = 1, ARGV[3] do
  if redis.call('XDEL', KEYS[2], ARGV[at]) == 1 then
    items = items + ARGV[at + 1]
    gone = gone + ARGV[at + 2]
  end
  at = at + 3
end
local deletions = ARGV[at]
at = at + 1
for _ = 1, deletions do
  local space, key = tonumber(ARGV[at]), ARGV[at + 1]
  local former = redis.call('HSTRLEN', KEYS[space], key)
  if former > 0 then
    redis.call('HDEL', KEYS[space], key)
    redis.call('ZREM', KEYS[space + 1], key)
    gone = gone + former + #key
  end
  at = at + 2
end
while at < #ARGV do
  local space, key, value = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2]
  local former = redis.call('HSTRLEN', KEYS[space], key)
  redis.call('HSET', KEYS[space], key, value)
  if former == 0 then
    redis.call('ZADD', KEYS[space + 1], 0, key)
    gone = gone - #key
  end
  gone = gone + former - #value
  at = at + 3
end
local out = redis.call('HINCRBY', KEYS[3], 'out', gone)
local left = redis.call('HINCRBY', KEYS[3], 'items', 0 - items)
return { tonumber(redis.call('HGET', KEYS[3], 'in') or 0), out, left }
`);

/**
 * Entries from ARGV[1] on (XRANGE's notation), at least one if there is any, then up to ARGV[2] bytes. KEYS inbox. It reads a few entries at a time:
 * their sizes are not known before. → (stream id, entry)…
 */
export const readScript = script(`#!lua flags=no-writes
local found, from, room = {}, ARGV[1], tonumber(ARGV[2])
local count = 1
while room > 0 do
  local entries = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', count)
  if #entries == 0 then break end
  local largest = 0
  for _, entry in ipairs(entries) do
    local size = #entry[2][2]
    room = room - size
    if room < 0 and #found > 0 then break end
    found[#found + 1] = entry[1]
    found[#found + 1] = entry[2][2]
    largest = math.max(largest, size)
    from = '(' .. entry[1]
  end
  count = math.max(1, math.min(16, math.floor(room / (largest + 1))))
end
return found
`);

/** KEYS values, order. ARGV from, to (ZRANGE BYLEX notation), limit → (key, value)… */
export const scanScript = script(`#!lua flags=no-writes
local found = {}
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], ARGV[1], ARGV[2], 'BYLEX', 'LIMIT', 0, ARGV[3])) do
  local value = redis.call('HGET', KEYS[1], key)
  if value then
    found[#found + 1] = key
    found[#found + 1] = value
  end
end
return found
`);

/** Makes the journal's format record unless there is one. KEYS format. ARGV format, partitions, created, madeBy → the same, as they stand there. */
export const formatScript = script(`#!lua flags=allow-oom
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'format', ARGV[1], 'partitions', ARGV[2], 'created', ARGV[3], 'madeBy', ARGV[4])
end
return redis.call('HMGET', KEYS[1], 'format', 'partitions', 'created', 'madeBy')
`);
