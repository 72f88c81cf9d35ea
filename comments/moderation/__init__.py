"""What moderators do (审核): queues, claims, decisions one by one and many at once, figures, trials."""
