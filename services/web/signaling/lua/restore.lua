local entry = call.entry
if not room.entries[entry.peer_id] then
  if call.capacity and seated(entry.peer_id) >= call.capacity then
    return refuse('full')
  end
  entry.state = 'here'
  entry.since_ms = now
  put(entry)
  room.order = math.max(room.order, entry.order or 0)
end
return answer()
