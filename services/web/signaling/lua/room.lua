-- Runs before every change of a room: loads it, evicts what is stale, and defines how the
-- change is written. One hash per room: `rev`, `order`, and `p:<peer id>` per peer; one hash
-- for all: the epoch, which ends only with the store.
-- A script that returns by `refuse` has written nothing of the room, evictions included.
local key = KEYS[1]
local call = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local epoch = redis.call('HMGET', KEYS[2], 'name', 'since_ms')
if not epoch[1] then
  epoch = { call.epoch, now }
  redis.call('HSET', KEYS[2], 'name', call.epoch, 'since_ms', string.format('%.0f', now))
end

local room = { rev = 0, order = 0, entries = {} }
local dirty, taken, gone, changed = {}, {}, {}, false

local function put(entry, visible)
  room.entries[entry.peer_id] = entry
  dirty[entry.peer_id] = true
  changed = changed or (visible ~= false and entry.phase ~= 'lobby')
end

local function take(entry, reason)
  room.entries[entry.peer_id] = nil
  dirty[entry.peer_id] = nil
  taken[#taken + 1] = 'p:' .. entry.peer_id
  gone[#gone + 1] = { entry = entry, reason = reason }
  changed = changed or entry.phase ~= 'lobby'
end

local function seatless(entry)
  return entry.phase == 'lobby' and not entry.order
end

local function evict(entry)
  if entry.state == 'here' and now - entry.since_ms > call.lease_ms then
    if seatless(entry) then
      take(entry, 'expired')
      return
    end
    entry.state = 'away'
    entry.since_ms = entry.since_ms + call.lease_ms
    put(entry)
  end
  if entry.state == 'away' and now - entry.since_ms > call.grace_ms then
    take(entry, 'expired')
  end
end

local stored = redis.call('HGETALL', key)
for i = 1, #stored, 2 do
  local name, value = stored[i], stored[i + 1]
  if name == 'rev' or name == 'order' then
    room[name] = tonumber(value)
  else
    local entry = cjson.decode(value)
    room.entries[entry.peer_id] = entry
  end
end
local present = {}
for _, entry in pairs(room.entries) do
  present[#present + 1] = entry
end
if not call.peek then
  for _, entry in ipairs(present) do
    evict(entry)
  end
end

local function refuse(why)
  return cjson.encode({ refused = why })
end

local function seated(beside)
  local count = 0
  for peer_id, other in pairs(room.entries) do
    if peer_id ~= beside and other.order then
      count = count + 1
    end
  end
  return count
end

local function set_presence(entry, presence)
  for _, field in ipairs({ 'audio', 'video', 'screen', 'hand' }) do
    entry[field] = presence[field]
  end
end

-- Integers beyond 14 digits would lose some in cjson: none is, until the year 5138.
local function answer(before)
  if changed or (room.rev == 0 and not call.peek) then
    room.rev = math.max(room.rev + 1, now)
  end
  local entries = {}
  for _, entry in pairs(room.entries) do
    entries[#entries + 1] = entry
  end
  if #entries == 0 and not call.peek then
    redis.call('DEL', key)
  elseif not call.peek then
    for _, name in ipairs(taken) do
      redis.call('HDEL', key, name)
    end
    for peer_id in pairs(dirty) do
      redis.call('HSET', key, 'p:' .. peer_id, cjson.encode(room.entries[peer_id]))
    end
    redis.call('HSET', key, 'rev', string.format('%.0f', room.rev),
      'order', string.format('%.0f', room.order))
    -- Nobody can come back after that: every lease and every grace has run out.
    redis.call('PEXPIRE', key, call.lease_ms + call.grace_ms + 60000)
  end
  return cjson.encode({
    epoch = epoch[1], epoch_age_ms = now - epoch[2], rev = room.rev, changed = changed,
    entries = entries, gone = gone, before = before,
  })
end
