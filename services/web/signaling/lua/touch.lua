for _, peer_id in ipairs(call.peer_ids) do
  local entry = room.entries[peer_id]
  if entry then
    local returned = entry.state == 'away'
    entry.state = 'here'
    entry.since_ms = now
    put(entry, returned)
  end
end
return answer()
