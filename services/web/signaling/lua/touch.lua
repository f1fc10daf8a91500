for peer_id, age in pairs(call.ages) do
  local entry = room.entries[peer_id]
  if entry and age <= call.lease_ms then
    local returned = entry.state == 'away'
    entry.state = 'here'
    entry.since_ms = now - age
    put(entry, returned)
  end
end
return answer()
