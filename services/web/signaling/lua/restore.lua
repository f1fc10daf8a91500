local entry = call.entry
if not room.entries[entry.peer_id] then
  entry.state = 'here'
  entry.since_ms = now
  put(entry)
  room.order = math.max(room.order, entry.order or 0)
end
return answer()
