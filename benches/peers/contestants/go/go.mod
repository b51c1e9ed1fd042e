module polyprofile/peers

go 1.19
