"""Who acts: victims and other applicants, traffickers' networks, the authorities; what each senses and decides."""
