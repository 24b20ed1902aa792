"""What heads, leaders and administrators look at: late, alerts, apologies, ledger, monitor, proof."""
