local entry = call.entry
for _, other in ipairs(present) do
  if room.entries[other.peer_id] and other.seat_id == entry.seat_id then
    take(other, 'replaced')
  end
end
if seated(entry.peer_id) >= call.capacity then
  entry.order = nil
  entry.admitted = false
end
if not entry.order then
  local waiting, own = 0, 0
  for _, other in pairs(room.entries) do
    if not other.order then
      waiting = waiting + 1
      if other.identity == entry.identity then
        own = own + 1
      end
    end
  end
  if waiting >= call.lobby or own >= call.tabs then
    return refuse('full')
  end
end
entry.since_ms = now
put(entry)
return answer()
