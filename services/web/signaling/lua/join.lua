local entry = room.entries[call.peer_id]
if not entry or (call.admit and entry.phase ~= 'waiting') then
  return refuse('unknown')
end
if seated(call.peer_id) >= call.capacity then
  return refuse('full')
end
if not entry.order then
  entry.order = math.max(room.order + 1, now)
end
room.order = math.max(room.order, entry.order)
entry.phase = 'joined'
entry.admitted = true
if call.presence then
  set_presence(entry, call.presence)
end
put(entry)
return answer()
